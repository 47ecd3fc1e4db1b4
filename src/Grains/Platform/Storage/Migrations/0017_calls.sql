-- What a call is kept as beside the schema's columns, and what the telephony system sent.

ALTER TABLE call
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN business_entity text,
    ADD COLUMN raw_digits text,
    ADD COLUMN caller_number text,
    ADD COLUMN line jsonb,
    ADD COLUMN assigned_to jsonb,
    ADD COLUMN is_archived boolean NOT NULL DEFAULT false,
    ADD COLUMN legs jsonb,
    ADD COLUMN ring_seconds integer,
    ADD COLUMN talk_seconds integer,
    ADD COLUMN hold_seconds integer NOT NULL DEFAULT 0,
    ADD COLUMN has_suspect_times boolean NOT NULL DEFAULT false,
    ADD COLUMN is_answered_by_machine boolean NOT NULL DEFAULT false,
    -- What all events said, joined: the other columns follow from it, in whatever order the events came.
    ADD COLUMN evidence jsonb;
CREATE INDEX idx_call_created ON call (created_at, id);
CREATE INDEX idx_call_caller_number ON call (caller_number);

-- By which the telephony system proves itself; several, so that one can be replaced without a gap.
CREATE TABLE aircall_token (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    business_entity text,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1
);

-- What came, without its token. The id follows from the content: a repeated delivery is the same row.
CREATE TABLE aircall_event (
    id uuid PRIMARY KEY,
    received_at timestamptz NOT NULL,
    event text NOT NULL,
    resource text NOT NULL,
    body jsonb NOT NULL,
    call_id text,
    -- Why it has no effect; null where it has one, or is known to need none.
    error text
);
CREATE INDEX idx_aircall_event_received ON aircall_event (received_at);
CREATE INDEX idx_aircall_event_call ON aircall_event (call_id, received_at);

UPDATE user_role SET version = version + 1,
    permissions = jsonb_set(permissions, '{resources}', (permissions -> 'resources') || '["calls.listen", "telephony.manage"]')
WHERE role_name = 'manager';
