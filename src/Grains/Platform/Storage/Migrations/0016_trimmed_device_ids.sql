-- Identifiers of trackers are kept without the blanks around them, as trackers are looked up. One whose trimmed form another
-- vehicle has stays as it is: a person must say whose it is.

UPDATE vehicle v SET device_id = t.trimmed
FROM (SELECT id, regexp_replace(device_id, '^\s+|\s+$', '', 'g') AS trimmed FROM vehicle) t
WHERE t.id = v.id AND t.trimmed <> v.device_id AND NOT EXISTS (SELECT FROM vehicle o WHERE o.device_id = t.trimmed);

UPDATE vehicle v SET ulu_vehicle_id = t.trimmed
FROM (SELECT id, regexp_replace(ulu_vehicle_id, '^\s+|\s+$', '', 'g') AS trimmed FROM vehicle) t
WHERE t.id = v.id AND t.trimmed <> v.ulu_vehicle_id AND NOT EXISTS (SELECT FROM vehicle o WHERE o.ulu_vehicle_id = t.trimmed);
