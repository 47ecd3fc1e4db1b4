-- The expected arrival at a visit that was told last, so that it is told anew only when it has moved.
CREATE TABLE visit_expectation (
    visit_id uuid PRIMARY KEY REFERENCES visit (id) ON DELETE CASCADE,
    -- The plan that it was told against: with another one it begins anew.
    planned_start timestamptz,
    earliest timestamptz NOT NULL,
    expected timestamptz NOT NULL,
    latest timestamptz NOT NULL,
    punctuality text NOT NULL,
    told_at timestamptz NOT NULL,
    CONSTRAINT ck_visit_expectation_punctuality CHECK (punctuality IN ('on_time', 'at_risk', 'late'))
);
