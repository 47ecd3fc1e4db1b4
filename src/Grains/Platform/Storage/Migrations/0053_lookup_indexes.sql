-- An index takes no value of more than 2.7 kB, and an id may be whatever was sent: as much of it as a message's id keeps.
DROP INDEX idx_aircall_event_message;
CREATE INDEX idx_aircall_event_message ON aircall_event ((left(body #>> '{data,id}', 200))) WHERE event LIKE 'message.%';

-- Whose number it is that rings: an organization's too.
CREATE INDEX idx_organization_phone ON organization (phone) WHERE phone IS NOT NULL;
