-- What the telephony system writes of what was said. Beside the call, so that neither its lists nor its audit have a word of it.
CREATE TABLE call_text (
    call_row uuid NOT NULL REFERENCES call ON DELETE CASCADE,
    kind text NOT NULL,
    -- When it was said to be there, or read: the newest counts.
    said_at timestamptz NOT NULL,
    content jsonb NOT NULL,
    PRIMARY KEY (call_row, kind),
    CONSTRAINT ck_call_text_kind CHECK (kind IN ('transcription', 'summary', 'topics', 'sentiment'))
);

ALTER TABLE call ADD COLUMN texts text[] NOT NULL DEFAULT '{}';
