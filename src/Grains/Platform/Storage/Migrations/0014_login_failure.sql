-- Failed logins that no account's row counts: at an address without an account, and from addresses that an account knows. Rows, as an
-- account's own count is one: in memory they would be forgotten by a restart that the account's survives, and so tell the two apart.

CREATE TABLE login_failure (
    -- No reference: it also stands for an address that no account has.
    account_id uuid NOT NULL,
    origin text NOT NULL,
    attempts integer NOT NULL,
    -- When the wait after the last failure ends. A day later it counts no more and is deleted.
    locked_until timestamptz NOT NULL,
    PRIMARY KEY (account_id, origin)
);
CREATE INDEX idx_login_failure_locked_until ON login_failure (locked_until);
