-- What a command obliges others to do: written in the command's own transaction, carried out at once by a host that is there, and
-- found by a sweep after a crash. With due_at in the future the same row is a deadline or a reminder.

CREATE TABLE due_command (
    -- Follows from the command that asked for it, so that carrying it out twice has one effect.
    id uuid PRIMARY KEY,
    -- The order in which rows were written; for one target they are carried out in it.
    sequence bigint GENERATED ALWAYS AS IDENTITY,
    -- What is to be done: the command's own stable name, such as visit.cancel.
    kind text NOT NULL,
    target_id uuid NOT NULL,
    command jsonb NOT NULL,
    -- What (entity, kind) it replaces or is withdrawn by; null where it is neither.
    dedupe_key text,
    -- Who caused it, from where, and at which entity.
    actor jsonb NOT NULL,
    contact_id uuid,
    ip_address text,
    user_agent text,
    origin_type text NOT NULL,
    origin_id uuid NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'pending',
    attempts integer NOT NULL DEFAULT 0,
    -- Until then nobody else takes it: the lease of the host that carries it out, and the wait before another try.
    held_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_due_command_state CHECK (state IN ('pending', 'done', 'refused', 'failed', 'withdrawn'))
) WITH (fillfactor = 70);

CREATE INDEX idx_due_command_due ON due_command (due_at, sequence) WHERE state = 'pending';
CREATE INDEX idx_due_command_target ON due_command (target_id, sequence) WHERE state = 'pending';
CREATE UNIQUE INDEX uq_due_command_dedupe_key ON due_command (dedupe_key) WHERE state = 'pending' AND dedupe_key IS NOT NULL;
CREATE INDEX idx_due_command_origin ON due_command (origin_id) WHERE state IN ('refused', 'failed');
CREATE INDEX idx_due_command_ended ON due_command (ended_at) WHERE state IN ('done', 'withdrawn');
