-- Who has an order before them at this moment, by the connection: two screens of one person are two rows, and one that closes takes only its own.
CREATE TABLE order_presence (
    order_id uuid NOT NULL REFERENCES "order" (id) ON DELETE CASCADE,
    connection_id text NOT NULL,
    actor_id uuid NOT NULL,
    actor jsonb NOT NULL,
    contact_id uuid,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (order_id, connection_id)
);
CREATE INDEX idx_order_presence_connection ON order_presence (connection_id);
CREATE INDEX idx_order_presence_until ON order_presence (until);
