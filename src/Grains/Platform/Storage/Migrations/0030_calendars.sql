-- When a business entity works, which its deadlines count by; NULL: Monday to Friday from 08:00 to 17:00 but for the Dutch holidays.
ALTER TABLE business_entity ADD COLUMN calendar jsonb;

-- Whose deadlines follow a change of the calendar: the orders whose clock has begun and not stopped.
CREATE INDEX idx_order_clock ON "order" (business_entity, id) WHERE sla IS NOT NULL AND order_status NOT IN ('completed', 'invoiced', 'closed', 'cancelled');
