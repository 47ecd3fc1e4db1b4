-- A tracker's key is for its own vehicle: on a phone, or in a box in the van, it is read by whoever opens it.
ALTER TABLE api_key
    -- Null for all vehicles.
    ADD COLUMN vehicle_ids uuid[],
    ADD CONSTRAINT ck_api_key_vehicle_ids CHECK (cardinality(vehicle_ids) > 0);
