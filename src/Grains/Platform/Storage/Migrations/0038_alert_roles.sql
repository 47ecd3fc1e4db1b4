-- Who sees what needs somebody, and who sees to it. A technician sees that of the own work.
UPDATE user_role SET version = version + 1,
    permissions = jsonb_set(permissions, '{resources}', (permissions -> 'resources') || '["alerts.read", "alerts.write"]')
WHERE role_name IN ('manager', 'planner') AND partner_organization_id IS NULL;
UPDATE user_role SET version = version + 1,
    permissions = jsonb_set(permissions, '{resources}', (permissions -> 'resources') || '["alerts.read"]')
WHERE role_name IN ('technician', 'viewer') AND partner_organization_id IS NULL;
