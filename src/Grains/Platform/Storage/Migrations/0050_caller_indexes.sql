-- When somebody called last, and who called in vain, are asked whenever a phone rings and whenever a call changes.
CREATE INDEX idx_call_caller_started ON call (caller_number, started_at);
DROP INDEX idx_call_caller_number;
CREATE INDEX idx_call_missed ON call (created_at, id)
    WHERE direction = 'inbound' AND status IN ('no_answer', 'busy', 'failed', 'completed') AND (answered_at IS NULL OR is_answered_by_machine);

-- An answer by somebody whom its conversation does not know asks whether the address is its customer's organization's, in any case.
CREATE INDEX idx_organization_email_lower ON organization (lower(email)) WHERE email IS NOT NULL;
