-- While a day of vehicle_position is rewritten in the order of its vehicles (PositionSettling), a trigger on its partition
-- notes here which fixes came or went meanwhile. Empty at all other times.

CREATE TABLE vehicle_position_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vehicle_id uuid NOT NULL,
    fix_time timestamptz NOT NULL,
    source text NOT NULL
);

CREATE FUNCTION note_position_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO vehicle_position_change (vehicle_id, fix_time, source) VALUES (OLD.vehicle_id, OLD.fix_time, OLD.source);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO vehicle_position_change (vehicle_id, fix_time, source) VALUES (NEW.vehicle_id, NEW.fix_time, NEW.source);
    END IF;
    RETURN NULL;
END
$$;
