-- What needs somebody: one row for each type and thing, raised again when the fact returns.
CREATE TABLE alert (
    id uuid PRIMARY KEY,
    alert_type text NOT NULL,
    -- What it is about. No key refers to it: it may be of any table, and of a missed caller there is a row only once somebody claims them.
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    label text,
    business_entity text,
    vehicle_id uuid,
    visit_id uuid,
    order_id uuid,
    severity text NOT NULL,
    status text NOT NULL,
    raised_at timestamptz NOT NULL,
    -- How often it was raised or came back.
    occurrence integer NOT NULL,
    fact_at timestamptz,
    detail jsonb NOT NULL,
    ended_at timestamptz,
    snoozed_until timestamptz,
    -- Who did it, and when.
    snoozed jsonb,
    done jsonb,
    assigned_to_contact_id uuid REFERENCES contact (id),
    assigned jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT uq_alert_entity UNIQUE (alert_type, entity_id),
    CONSTRAINT ck_alert_alert_type CHECK (alert_type IN (
        'visit_late', 'signal_lost', 'overspeed', 'clock_refused', 'status_overdue', 'call_missed', 'consequence_failed', 'message_failed')),
    CONSTRAINT ck_alert_severity CHECK (severity IN ('high', 'normal')),
    CONSTRAINT ck_alert_status CHECK (status IN ('open', 'snoozed', 'done', 'ended'))
) WITH (fillfactor = 80);
CREATE INDEX idx_alert_standing ON alert (alert_type) WHERE status <> 'ended';
CREATE INDEX idx_alert_open ON alert (created_at, id) WHERE status = 'open';
CREATE INDEX idx_alert_created ON alert (created_at, id);
CREATE INDEX idx_alert_assigned ON alert (assigned_to_contact_id) WHERE assigned_to_contact_id IS NOT NULL;

-- Which occurrence of an alert a person or program has seen.
CREATE TABLE alert_seen (
    alert_id uuid NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
    reader_id uuid NOT NULL,
    occurrence integer NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (alert_id, reader_id)
);

-- When the facts were looked at last: of all hosts one does it at a time.
CREATE TABLE alert_look (
    name text PRIMARY KEY,
    looked_at timestamptz NOT NULL
);

-- By which the facts are found, however many rows there are that are none.
CREATE INDEX idx_status_overdue ON entity_current_status (sla_deadline) WHERE is_overdue;
CREATE INDEX idx_due_command_stopped ON due_command (ended_at) WHERE state IN ('refused', 'failed');
CREATE INDEX idx_communication_message_undelivered ON communication_message (updated_at) WHERE status IN ('failed', 'uncertain');
