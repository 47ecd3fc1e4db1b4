-- What an order knows of its visits says what each was for, and whether the work was rejected after it: a survey, or work that was
-- rejected, does not finish an order. Orders under way learn it of the visits that they have had.
UPDATE "order" o SET visits = known.visits
FROM (
    SELECT o.id, jsonb_agg(
        told.visit || jsonb_build_object('visitType', v.visit_type, 'isRejected', coalesce(v.ended_at <= rejected.at, false)) ORDER BY told.nth) AS visits
    FROM "order" o
    CROSS JOIN LATERAL jsonb_array_elements(o.visits) WITH ORDINALITY told (visit, nth)
    LEFT JOIN visit v ON v.id = (told.visit ->> 'id')::uuid
    LEFT JOIN LATERAL (
        SELECT max(t.created_at) AS at FROM status_transition t WHERE t.entity_type = 'order' AND t.entity_id = o.id AND t.to_status = 'rework') rejected ON true
    WHERE o.order_status NOT IN ('completed', 'invoiced', 'closed', 'cancelled')
    GROUP BY o.id) known
WHERE known.id = o.id;
