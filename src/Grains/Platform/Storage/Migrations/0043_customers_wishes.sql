-- That the customer of a visit asked for another time by their link. What they said is a message on their order.
ALTER TABLE tracking_link
    ADD COLUMN wished_at timestamptz,
    -- The beginning of what they were promised then: once it is another, they have had their answer.
    ADD COLUMN wished_from timestamptz,
    ADD COLUMN wish_hash bytea,
    ADD COLUMN wishes integer NOT NULL DEFAULT 0;
-- Which wishes may still need somebody: asked every few seconds.
CREATE INDEX idx_tracking_link_wished ON tracking_link (visit_id) WHERE wished_at IS NOT NULL;

ALTER TABLE alert DROP CONSTRAINT ck_alert_alert_type;
ALTER TABLE alert ADD CONSTRAINT ck_alert_alert_type CHECK (alert_type IN (
    'visit_late', 'signal_lost', 'overspeed', 'clock_refused', 'status_overdue', 'call_missed', 'consequence_failed', 'message_failed', 'reschedule_asked'));
