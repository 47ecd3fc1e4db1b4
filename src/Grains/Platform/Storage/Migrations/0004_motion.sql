-- Driving and standing: trips and stops, what the fold of a vehicle's fixes remembers, freshness, reminders.

CREATE TABLE vehicle_trip (
    vehicle_id uuid NOT NULL REFERENCES vehicle (id) ON DELETE CASCADE,
    started_at timestamptz NOT NULL,
    kind text NOT NULL,
    -- Null while it lasts.
    ended_at timestamptz,
    -- Degrees, WGS 84; kilometres by the vehicle's own count.
    start_latitude double precision NOT NULL,
    start_longitude double precision NOT NULL,
    start_odometer double precision,
    end_latitude double precision,
    end_longitude double precision,
    end_odometer double precision,
    -- Where a stop is: the mean of its first fixes.
    place_latitude double precision NOT NULL,
    place_longitude double precision NOT NULL,
    -- Metres.
    distance double precision NOT NULL,
    -- Kilometres an hour.
    top_speed double precision,
    -- The fix that decided that it began; a repair begins again at the one of a stop.
    decided_at timestamptz NOT NULL,
    decided_source text NOT NULL,
    PRIMARY KEY (vehicle_id, started_at),
    CONSTRAINT ck_vehicle_trip_kind CHECK (kind IN ('trip', 'stop'))
);
CREATE INDEX idx_vehicle_trip_decided_at ON vehicle_trip (vehicle_id, decided_at);
CREATE INDEX idx_vehicle_trip_ended_at ON vehicle_trip (ended_at);

CREATE TABLE vehicle_motion (
    vehicle_id uuid PRIMARY KEY REFERENCES vehicle (id) ON DELETE CASCADE,
    -- Raised with every change of the trips: a second activation that knows an older one writes nothing.
    version bigint NOT NULL,
    -- The fold's memory; fixes after its head are folded anew by the next activation.
    state jsonb NOT NULL,
    -- Metres driven that are not in vehicle.mileage_km yet.
    uncounted double precision NOT NULL,
    -- A command to the vehicle that follows from the last turn and may not have been carried out.
    due jsonb
) WITH (fillfactor = 70);

-- Fixes that came after later ones were folded: written with the fix, deleted with the repair. Only ever inserted and
-- deleted, so that writers of fixes and of trips never wait for each other.
CREATE TABLE vehicle_late_fix (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vehicle_id uuid NOT NULL,
    first_fix timestamptz NOT NULL,
    last_fix timestamptz NOT NULL
);
CREATE INDEX idx_vehicle_late_fix_vehicle_id ON vehicle_late_fix (vehicle_id);

-- The freshness that was told last.
CREATE TABLE vehicle_freshness (
    vehicle_id uuid PRIMARY KEY REFERENCES vehicle (id) ON DELETE CASCADE,
    freshness text NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT ck_vehicle_freshness_freshness CHECK (freshness IN ('live', 'stale', 'offline'))
);

-- The due dates that were told.
CREATE TABLE vehicle_reminder (
    vehicle_id uuid NOT NULL REFERENCES vehicle (id) ON DELETE CASCADE,
    kind text NOT NULL,
    due_date date NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (vehicle_id, kind, due_date),
    CONSTRAINT ck_vehicle_reminder_kind CHECK (kind IN ('maintenance', 'insurance'))
);

-- When positions may be kept; null: always.
ALTER TABLE vehicle ADD COLUMN working_hours jsonb;
