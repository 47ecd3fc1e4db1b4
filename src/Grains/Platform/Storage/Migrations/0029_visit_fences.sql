-- What a van says of its visit at the geofence of the visit's address, which is made for the visit and removed with its end.
ALTER TABLE visit
    -- When the van came there, while nobody has said that it arrived.
    ADD COLUMN arrival_proposed_at timestamptz,
    -- When it left, while the visit is not ended.
    ADD COLUMN left_at timestamptz,
    -- Where the customer signed, as people call the place.
    ADD COLUMN signed_place text;
CREATE INDEX idx_visit_left ON visit (left_at) WHERE left_at IS NOT NULL;

-- Every silo asks each second whether a fence that counts was changed: the fences of visits that are over must not make that slow.
CREATE INDEX idx_geofence_active ON geofence (id) INCLUDE (version, updated_at) WHERE is_active;
