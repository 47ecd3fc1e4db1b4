-- Lists of orders that pick few of very many: those in a status, and those of a name that few order from. Without these the newest of all orders
-- were passed over one by one until a page was full.
CREATE INDEX idx_order_status_created ON "order" (order_status, created_at, id);
CREATE INDEX idx_order_entity_created ON "order" (business_entity, created_at, id);
