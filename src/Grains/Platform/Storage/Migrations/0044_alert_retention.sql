-- Alerts that ended long ago are deleted: found by when they ended.
CREATE INDEX idx_alert_ended ON alert (ended_at) WHERE status = 'ended';
