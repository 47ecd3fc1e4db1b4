-- Why a vehicle's fixes were refused last: those in a row for one reason. It follows the answers, without a version.

CREATE TABLE vehicle_refusal (
    vehicle_id uuid PRIMARY KEY REFERENCES vehicle (id) ON DELETE CASCADE,
    reason text NOT NULL,
    detail text NOT NULL,
    off_by_seconds double precision, -- of the tracker's clock; null where the time is not at fault
    since timestamptz NOT NULL,
    at timestamptz NOT NULL,
    count bigint NOT NULL,
    told_since timestamptz -- the row of refusals that was announced
);
