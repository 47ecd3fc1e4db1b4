-- What a person has set of the screen for themselves. One row an account, by the account's own id.
CREATE TABLE user_preference (
    id uuid PRIMARY KEY REFERENCES user_account (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    views jsonb NOT NULL DEFAULT '[]',
    folds jsonb NOT NULL DEFAULT '[]',
    version bigint NOT NULL DEFAULT 1
);
-- The few that share a view, for everybody who opens the screen.
CREATE INDEX idx_user_preference_shared ON user_preference (id) WHERE views @> '[{"is_shared": true}]';
