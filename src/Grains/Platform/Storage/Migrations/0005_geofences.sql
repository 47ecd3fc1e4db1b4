-- Geofences of two shapes. What is left beyond the edge is a margin, so that one rule serves circles and polygons: a
-- circle's outer radius is its radius and the margin.

ALTER TABLE geofence
    DROP CONSTRAINT ck_geofence_radius,
    ADD COLUMN shape text NOT NULL DEFAULT 'circle',
    ADD COLUMN polygon jsonb,
    ADD COLUMN exit_margin_meters double precision NOT NULL DEFAULT 50,
    ALTER COLUMN latitude DROP NOT NULL,
    ALTER COLUMN longitude DROP NOT NULL,
    ALTER COLUMN radius_meters DROP NOT NULL;
UPDATE geofence SET exit_margin_meters = exit_radius_meters - radius_meters, name = coalesce(name, 'Geofence');
ALTER TABLE geofence
    ALTER COLUMN shape DROP DEFAULT,
    ALTER COLUMN name SET NOT NULL,
    DROP COLUMN exit_radius_meters,
    ADD CONSTRAINT ck_geofence_shape CHECK (
        (shape = 'circle' AND latitude IS NOT NULL AND longitude IS NOT NULL AND radius_meters > 0 AND polygon IS NULL)
        OR (shape = 'polygon' AND polygon IS NOT NULL AND latitude IS NULL AND longitude IS NULL AND radius_meters IS NULL));
CREATE INDEX idx_geofence_address ON geofence (address_id) WHERE address_id IS NOT NULL;

-- fix_time is when the vehicle came or went; decided_at is the fix time at which that was certain. Rows are never changed.
ALTER TABLE geofence_event DROP CONSTRAINT ck_geofence_event_event_type;
UPDATE geofence_event SET event_type = CASE event_type WHEN 'departed' THEN 'left' ELSE 'entered' END
    WHERE event_type IN ('arrived', 'departed');
ALTER TABLE geofence_event
    ADD CONSTRAINT ck_geofence_event_event_type CHECK (event_type IN ('entered', 'left')),
    ADD COLUMN decided_at timestamptz;
UPDATE geofence_event SET decided_at = fix_time;
ALTER TABLE geofence_event ALTER COLUMN decided_at SET NOT NULL;
CREATE INDEX idx_geofence_event_vehicle ON geofence_event (vehicle_id, decided_at);
CREATE INDEX idx_geofence_event_geofence ON geofence_event (geofence_id, fix_time);
CREATE TRIGGER tr_geofence_event_append_only BEFORE UPDATE OR DELETE ON geofence_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();

-- Who is at which fence, by the events: what a vehicle must know when it wakes, without reading its whole history.
CREATE TABLE geofence_presence (
    vehicle_id uuid NOT NULL REFERENCES vehicle (id) ON DELETE CASCADE,
    geofence_id uuid NOT NULL REFERENCES geofence (id) ON DELETE CASCADE,
    entered_at timestamptz NOT NULL,
    PRIMARY KEY (vehicle_id, geofence_id)
);
CREATE INDEX idx_geofence_presence_geofence ON geofence_presence (geofence_id);

-- The fleet at a past moment asks for a vehicle's last transition before it; the schema's index does not know the time,
-- and a van that parks twenty times a day has thousands.
CREATE INDEX idx_transition_vehicle_time ON status_transition (entity_id, created_at DESC) WHERE entity_type = 'vehicle';

UPDATE user_role SET version = version + 1, permissions = jsonb_set(permissions, '{resources}', permissions->'resources' || '["geofences.read", "geofences.write"]')
    WHERE role_name IN ('manager', 'planner');
UPDATE user_role SET version = version + 1, permissions = jsonb_set(permissions, '{resources}', permissions->'resources' || '["geofences.read"]')
    WHERE role_name IN ('technician', 'viewer');
