-- What the application can't start without: the five names that the company works under, and the roles.
-- Fixed ids, so that every database agrees on them. Registration numbers and bank accounts are the company's to fill in.

INSERT INTO business_entity (id, entity_code, legal_name, trade_name) VALUES
    ('01900000-0000-7000-8000-000000000101', 'chargecars', 'ChargeCars B.V.', 'ChargeCars'),
    ('01900000-0000-7000-8000-000000000102', 'laderthuis', 'LaderThuis B.V.', 'LaderThuis'),
    ('01900000-0000-7000-8000-000000000103', 'meterkastthuis', 'MeterKastThuis B.V.', 'MeterKastThuis'),
    ('01900000-0000-7000-8000-000000000104', 'zaptecshop', 'ZaptecShop B.V.', 'ZaptecShop'),
    ('01900000-0000-7000-8000-000000000105', 'ratioshop', 'RatioShop B.V.', 'RatioShop');

-- resources: the permissions (resource.action). organization_scope: whose rows (all, partner). user_scope: whose work
-- (all, team, own).
INSERT INTO user_role (id, role_name, description, permissions) VALUES
    ('01900000-0000-7000-8000-000000000201', 'admin', 'Everything, including accounts, keys and roles',
     '{"resources": ["*"],
       "data_filters": {"organization_scope": "all", "user_scope": "all"}}'),
    ('01900000-0000-7000-8000-000000000202', 'manager', 'Runs the operation; may cancel and waive',
     '{"resources": ["vehicles.read", "vehicles.write", "vehicles.act", "positions.read", "orders.read", "orders.write",
                     "orders.cancel", "orders.waive_signoff", "visits.read", "visits.write",
                     "threads.read", "threads.write", "calls.read", "calls.write", "numbers.read", "numbers.assign", "numbers.void",
                     "catalogue.read", "catalogue.write", "relations.read", "relations.write",
                     "teams.read", "teams.write", "quotes.read", "quotes.write", "invoices.read", "invoices.write",
                     "notifications.read", "attachments.read", "attachments.write", "status.read", "audit.read"],
       "data_filters": {"organization_scope": "all", "user_scope": "all"}}'),
    ('01900000-0000-7000-8000-000000000203', 'planner', 'Plans visits, answers customers',
     '{"resources": ["vehicles.read", "vehicles.act", "positions.read", "orders.read", "orders.write", "visits.read", "visits.write",
                     "threads.read", "threads.write", "calls.read", "calls.write",
                     "catalogue.read", "relations.read", "relations.write", "teams.read", "teams.write",
                     "quotes.read", "quotes.write", "notifications.read",
                     "attachments.read", "attachments.write", "status.read"],
       "data_filters": {"organization_scope": "all", "user_scope": "all"}}'),
    ('01900000-0000-7000-8000-000000000204', 'technician', 'Does the visits of the own team',
     '{"resources": ["vehicles.read", "positions.read", "orders.read", "visits.read", "visits.write",
                     "threads.read", "attachments.read", "attachments.write", "catalogue.read", "teams.read"],
       "data_filters": {"organization_scope": "all", "user_scope": "team"}}'),
    ('01900000-0000-7000-8000-000000000205', 'partner', 'Sees and places the own organization''s orders',
     '{"resources": ["orders.read", "orders.write", "visits.read", "threads.read", "threads.write",
                     "attachments.read", "status.read"],
       "data_filters": {"organization_scope": "partner", "user_scope": "all"}}'),
    ('01900000-0000-7000-8000-000000000206', 'viewer', 'Reads the dispatch screen',
     '{"resources": ["vehicles.read", "positions.read", "orders.read", "visits.read", "status.read"],
       "data_filters": {"organization_scope": "all", "user_scope": "all"}}');
