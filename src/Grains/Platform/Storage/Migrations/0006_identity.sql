-- Accounts, sessions and secrets: what the schema's columns need beside them.

ALTER TABLE user_account
    ADD COLUMN email_verification_expires timestamptz,
    -- The time step of the last one-time code that counted: each code counts once.
    ADD COLUMN two_factor_last_step bigint,
    -- Hashes; a code that was used is taken out.
    ADD COLUMN recovery_code_hashes text[] NOT NULL DEFAULT '{}';

-- Refresh tokens that were replaced. One that comes again is a replay and ends its session; for half a minute it is
-- taken for a lost answer, and the salt gives its successor once more (docs/adr/0020). A successor needs both the token
-- before it, which only its owner has, and this salt.
CREATE TABLE former_refresh_token (
    token_hash text PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES user_session (id) ON DELETE CASCADE,
    salt bytea NOT NULL,
    replaced_at timestamptz NOT NULL
);
CREATE INDEX idx_former_refresh_token_session ON former_refresh_token (session_id);

-- A key that was replaced counts on until then, so that a program can change over without a gap.
ALTER TABLE api_key
    ADD COLUMN former_key_hash bytea,
    ADD COLUMN former_key_expires_at timestamptz;

-- The Data Protection key ring; each key is encrypted by the master key, which is never in the database.
CREATE TABLE data_protection_key (
    id uuid PRIMARY KEY,
    friendly_name text NOT NULL,
    xml text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Signing keys were kept in plain text until now: new ones are made, encrypted. Tokens live for 15 minutes at most.
DELETE FROM signing_key;

-- There is always somebody who can let others in. Under a lock, so that two administrators can't close each other's
-- account at the same moment; here, so that no way around the application does it either.
CREATE FUNCTION keep_an_administrator() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    administrators uuid := (SELECT id FROM user_role WHERE role_name = 'admin');
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
CREATE TRIGGER tr_user_account_keep_an_administrator BEFORE UPDATE OF is_active, role_id ON user_account
    FOR EACH ROW EXECUTE FUNCTION keep_an_administrator();
