-- What the seeded roles grant, now that every permission has a name; and who sees what.
-- user_scope: all, team (what the own team does and drives) or own.

UPDATE user_role SET version = version + 1, permissions = jsonb_set(permissions, '{data_filters,user_scope}', '"own"')
WHERE role_name = 'technician';

UPDATE user_role SET version = version + 1,
    permissions = jsonb_set(permissions, '{resources}', (permissions -> 'resources') || '["users.read", "roles.read"]')
WHERE role_name = 'manager';
