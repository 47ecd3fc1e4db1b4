-- A role's name is its owner's alone: from a refusal a partner must not learn what another partner, or the company, calls its roles. So a
-- name no longer finds one role: whoever means the company's says so.
ALTER TABLE user_role DROP CONSTRAINT uq_user_role_role_name;
CREATE UNIQUE INDEX uq_user_role_role_name ON user_role (role_name) WHERE partner_organization_id IS NULL;
CREATE UNIQUE INDEX uq_user_role_partner_role_name ON user_role (partner_organization_id, role_name);

CREATE OR REPLACE FUNCTION keep_an_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    administrators uuid := (SELECT id FROM user_role WHERE role_name = 'admin' AND partner_organization_id IS NULL);
BEGIN
    IF OLD.is_active AND OLD.role_id = administrators AND NOT (NEW.is_active AND NEW.role_id = administrators) THEN
        PERFORM pg_advisory_xact_lock(7214005);
        IF NOT EXISTS (SELECT 1 FROM user_account WHERE role_id = administrators AND is_active AND id <> OLD.id) THEN
            RAISE EXCEPTION 'the last administrator stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_user_account_last_administrator';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
