-- What orders, their lines and visits keep besides the schema's columns.

ALTER TABLE "order"
    ADD COLUMN net_amount numeric(10,2),
    ADD COLUMN vat_amount numeric(10,2),
    ADD COLUMN vat_breakdown jsonb,
    ADD COLUMN held_from text,
    ADD COLUMN hold_reason text,
    ADD COLUMN resume_date date,
    ADD COLUMN waiting_on_customer boolean NOT NULL DEFAULT false,
    ADD COLUMN accepted_by_name text,
    ADD COLUMN cancel_reason text,
    ADD COLUMN signoff_waived_reason text,
    -- Its visits as they told it: what it moves by is its own row, so that no decision needs another's.
    ADD COLUMN visits jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN sla jsonb,
    ADD COLUMN sla_deadline timestamptz;

-- Copied from the product when the line is made.
ALTER TABLE line_item
    ADD COLUMN sku text,
    ADD COLUMN tax_rate numeric(5,4) NOT NULL DEFAULT 0.21,
    ADD COLUMN position integer NOT NULL DEFAULT 1;

CREATE TABLE order_partner_reference (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES "order" (id),
    partner_organization_id uuid NOT NULL REFERENCES organization (id),
    name text NOT NULL,
    value text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    -- A partner that sends an order again means the same one.
    CONSTRAINT uq_order_partner_reference UNIQUE (partner_organization_id, name, value)
);
CREATE INDEX idx_order_partner_reference_order ON order_partner_reference (order_id);

-- A person is in one place at a time, whichever visit they go on. NULL where the visit takes no time: it has none, or is cancelled.
ALTER TABLE visit_assignee
    ADD COLUMN busy_from timestamptz,
    ADD COLUMN busy_until timestamptz,
    ADD CONSTRAINT ex_visit_assignee_overlap EXCLUDE USING gist (contact_id WITH =, tstzrange(busy_from, busy_until) WITH &&)
        WHERE (busy_from IS NOT NULL);
CREATE INDEX idx_visit_created ON visit (created_at, id);

-- What is overdue is found by its deadline, once.
CREATE INDEX idx_status_due ON entity_current_status (sla_deadline) WHERE NOT is_overdue AND sla_deadline IS NOT NULL;
