-- Who calls a caller back, and who ticked them off: one row a caller.
CREATE TABLE call_back (
    id uuid PRIMARY KEY,
    caller text NOT NULL,
    business_entity text,
    claimed_by uuid,
    claimed_until timestamptz,
    done_at timestamptz,
    done_by uuid,
    note text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT uq_call_back_caller UNIQUE (caller)
);
