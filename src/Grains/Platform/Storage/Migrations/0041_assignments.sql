-- Whose a status is to see to was never written: of visits the team and who leads, of threads the colleague.
UPDATE entity_current_status s SET assigned_team_id = v.team_id, assigned_user_id = a.contact_id, version = s.version + 1
FROM visit v LEFT JOIN LATERAL (
    SELECT min(contact_id::text)::uuid AS contact_id FROM visit_assignee WHERE visit_id = v.id
    HAVING count(*) = 1
    UNION ALL
    SELECT (min(contact_id::text) FILTER (WHERE role = 'lead'))::uuid FROM visit_assignee WHERE visit_id = v.id HAVING count(*) > 1) a ON true
WHERE s.entity_type = 'visit' AND s.entity_id = v.id AND (v.team_id IS NOT NULL OR a.contact_id IS NOT NULL);

UPDATE entity_current_status s SET assigned_user_id = t.assigned_to_contact_id, version = s.version + 1
FROM communication_thread t
WHERE s.entity_type = 'communication_thread' AND s.entity_id = t.id AND t.assigned_to_contact_id IS NOT NULL;

CREATE INDEX idx_status_assigned_user ON entity_current_status (assigned_user_id, created_at) WHERE assigned_user_id IS NOT NULL;
CREATE INDEX idx_status_assigned_team ON entity_current_status (assigned_team_id, created_at) WHERE assigned_team_id IS NOT NULL;

-- What is to be raised, twice a second: not those again that were raised long ago and still wait.
CREATE INDEX idx_status_unraised ON entity_current_status (sla_deadline) WHERE sla_deadline IS NOT NULL AND NOT is_overdue;
