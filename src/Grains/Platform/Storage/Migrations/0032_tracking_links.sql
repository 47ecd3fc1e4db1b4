-- Whether a name's customers are told that a van is on its way, and how; NULL: they are not.
ALTER TABLE business_entity ADD COLUMN on_the_way jsonb;

-- Where the customer of a visit sees when somebody comes: found by the hash of its token, which is in nobody's row in plain text.
CREATE TABLE tracking_link (
    -- Follows from the visit.
    id uuid PRIMARY KEY,
    visit_id uuid NOT NULL REFERENCES visit (id),
    business_entity text NOT NULL,
    token_hash bytea NOT NULL,
    -- Encrypted, for the messages that carry it.
    sealed_token text NOT NULL,
    -- The arrival that the customer was told last, and how often they were told.
    told_from timestamptz,
    told_until timestamptz,
    notices integer NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_tracking_link_visit UNIQUE (visit_id),
    CONSTRAINT uq_tracking_link_token UNIQUE (token_hash)
);
-- Whose arrival is watched: every host asks for these twice a minute.
CREATE INDEX idx_visit_en_route ON visit (id) WHERE status = 'en_route';
