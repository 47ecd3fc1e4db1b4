-- How loudly a person wants to hear what needs somebody.
ALTER TABLE user_preference ADD COLUMN sound text NOT NULL DEFAULT 'normal'
    CONSTRAINT ck_user_preference_sound CHECK (sound IN ('off', 'low', 'normal'));
