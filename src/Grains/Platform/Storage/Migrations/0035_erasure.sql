-- People may have what they left erased: the row stays, with when.

ALTER TABLE contact ADD COLUMN erased_at timestamptz;
ALTER TABLE communication_message ADD COLUMN erased_at timestamptz;
ALTER TABLE call ADD COLUMN erased_at timestamptz;

CREATE INDEX idx_communication_message_contact ON communication_message (sender_contact_id) WHERE sender_contact_id IS NOT NULL;
CREATE INDEX idx_inbound_message_message ON inbound_message (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX idx_inbound_message_idle ON inbound_message (received_at) WHERE message_id IS NULL OR channel <> 'email';
CREATE INDEX idx_delivery_report_received ON delivery_report (received_at);
CREATE INDEX idx_call_recorded ON call (created_at) WHERE recording_url IS NOT NULL OR voicemail_url IS NOT NULL OR asset IS NOT NULL;
CREATE INDEX idx_aircall_event_message ON aircall_event ((body #>> '{data,id}')) WHERE event LIKE 'message.%';

UPDATE user_role SET version = version + 1,
    permissions = jsonb_set(permissions, '{resources}', (permissions -> 'resources') || '["contacts.erase", "contacts.export"]')
WHERE role_name = 'manager' AND partner_organization_id IS NULL;
