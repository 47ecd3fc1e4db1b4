-- What follows for a van from its motion is a due command like any other.
INSERT INTO due_command (id, kind, target_id, command, actor, origin_type, origin_id, due_at)
SELECT (due ->> 'id')::uuid, 'vehicle.follow-motion', vehicle_id, due -> 'command', '{"kind": "system", "id": null, "name": "system"}', 'vehicle', vehicle_id, now()
FROM vehicle_motion
WHERE due IS NOT NULL
ON CONFLICT DO NOTHING;

ALTER TABLE vehicle_motion DROP COLUMN due;
