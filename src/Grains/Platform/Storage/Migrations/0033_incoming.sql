-- Messages are searched for, reports of mail services say who wants no more, and the telephony system's agents and numbers have what its events say.

CREATE TABLE search_entry_message PARTITION OF search_entry FOR VALUES IN ('communication_message');

ALTER TABLE delivery_report ADD COLUMN opted_out boolean NOT NULL DEFAULT false;

-- An agent, joined from all that events said of them: the last three columns follow from the others.
CREATE TABLE agent_presence (
    id uuid PRIMARY KEY,
    agent_id text NOT NULL CONSTRAINT uq_agent_presence_agent_id UNIQUE,
    name jsonb,
    email jsonb,
    "exists" jsonb,
    is_connected jsonb,
    is_open jsonb,
    substatus jsonb,
    is_wrapping_up jsonb,
    last_call jsonb,
    ended_calls jsonb,
    status text NOT NULL DEFAULT 'unknown',
    since timestamptz,
    call_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_agent_presence_status CHECK (status IN ('unknown', 'available', 'in_call', 'wrap_up', 'unavailable', 'offline', 'removed'))
);

ALTER TABLE business_phone_number
    ADD COLUMN is_open boolean,
    ADD COLUMN is_removed boolean NOT NULL DEFAULT false;
