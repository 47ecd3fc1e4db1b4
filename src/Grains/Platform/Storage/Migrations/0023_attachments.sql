-- What a file is kept as beside the schema's columns, and files that are sent in pieces.

ALTER TABLE attachment
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
    ADD COLUMN sha256 text NOT NULL DEFAULT '',
    ADD COLUMN stored_name text NOT NULL DEFAULT '',
    ADD COLUMN thumbnail_name text,
    ADD COLUMN scope jsonb;
CREATE INDEX idx_attachment_created ON attachment (created_at, id);
CREATE UNIQUE INDEX uq_attachment_stored_name ON attachment (stored_name) WHERE stored_name <> '';
CREATE UNIQUE INDEX uq_attachment_thumbnail_name ON attachment (thumbnail_name) WHERE thumbnail_name IS NOT NULL;

CREATE TABLE attachment_upload (
    -- The attachment that it becomes has the same one.
    id uuid PRIMARY KEY,
    -- Whose it is, by kind and id: nobody else goes on with it.
    owner text NOT NULL,
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    file_name text NOT NULL,
    sent_as text,
    is_public boolean NOT NULL DEFAULT false,
    length bigint NOT NULL,
    received bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    completed_at timestamptz,
    CONSTRAINT ck_attachment_upload_received CHECK (received BETWEEN 0 AND length)
);
CREATE INDEX idx_attachment_upload_owner ON attachment_upload (owner) WHERE completed_at IS NULL;
CREATE INDEX idx_attachment_upload_expires ON attachment_upload (expires_at);

CREATE TABLE attachment_upload_part (
    upload_id uuid NOT NULL REFERENCES attachment_upload (id) ON DELETE CASCADE,
    first bigint NOT NULL,
    length bigint NOT NULL,
    stored_name text NOT NULL CONSTRAINT uq_attachment_upload_part_stored_name UNIQUE,
    PRIMARY KEY (upload_id, first)
);
