-- What a thread and its messages are kept as beside the schema's columns, and what providers sent.

ALTER TABLE communication_thread
    -- Whose it is: of the channel account that it runs over.
    ADD COLUMN business_entity text,
    ADD COLUMN channel_account_id uuid REFERENCES communication_channel (id),
    ADD COLUMN customer_contact_id uuid REFERENCES contact (id),
    ADD COLUMN customer_address text,
    ADD COLUMN last_position integer NOT NULL DEFAULT 0,
    ADD COLUMN snoozed_until timestamptz,
    ADD COLUMN waiting_since timestamptz,
    ADD COLUMN first_reply_at timestamptz,
    ADD COLUMN first_reply_minutes integer,
    ADD COLUMN last_reply_position integer NOT NULL DEFAULT 0,
    ADD COLUMN last_reply_by uuid,
    ADD COLUMN queued_replies jsonb,
    ADD COLUMN is_muted boolean NOT NULL DEFAULT false,
    ADD COLUMN linked_thread_id uuid REFERENCES communication_thread (id),
    ADD COLUMN answer_subject text,
    ADD COLUMN flags jsonb;
CREATE INDEX idx_communication_thread_created ON communication_thread (created_at, id);
CREATE INDEX idx_communication_thread_recent ON communication_thread (coalesce(last_message_at, created_at), id);
CREATE INDEX idx_communication_thread_waiting ON communication_thread (waiting_since) WHERE waiting_since IS NOT NULL;
CREATE INDEX idx_communication_thread_customer ON communication_thread (customer_contact_id);
CREATE INDEX idx_communication_thread_address ON communication_thread (customer_address);

ALTER TABLE communication_message
    -- Its place in the thread; null while it can be taken back.
    ADD COLUMN position integer,
    ADD COLUMN nature text NOT NULL DEFAULT 'person',
    ADD COLUMN author_id uuid,
    ADD COLUMN shown_html text,
    ADD COLUMN blocked_images integer NOT NULL DEFAULT 0,
    ADD COLUMN provider_message_id text,
    ADD COLUMN channel_account_id uuid REFERENCES communication_channel (id),
    ADD COLUMN content_hash text NOT NULL DEFAULT '',
    ADD COLUMN reference_ids text[],
    ADD COLUMN counterpart_key text,
    ADD COLUMN sent_at timestamptz,
    ADD COLUMN delivery jsonb,
    ADD COLUMN folds jsonb,
    ADD COLUMN faults jsonb,
    ADD COLUMN flags jsonb,
    ADD COLUMN mentions uuid[],
    ADD COLUMN raw_id uuid,
    ADD COLUMN details jsonb,
    ADD COLUMN moved_thread_id uuid REFERENCES communication_thread (id),
    DROP CONSTRAINT ck_communication_message_status,
    ADD CONSTRAINT ck_communication_message_status CHECK (status IN ('draft', 'queued', 'uncertain', 'sent', 'delivered', 'failed', 'read')),
    -- A note among colleagues has nothing by which it could leave.
    ADD CONSTRAINT ck_communication_message_note CHECK (
        nature <> 'note' OR (direction IS NULL AND status IS NULL AND external_message_id IS NULL AND channel_account_id IS NULL)),
    -- Places are given by the thread and never twice.
    ADD CONSTRAINT uq_communication_message_position UNIQUE (thread_id, position);
-- The same id with another content is another message, and one mail may come to two of our mailboxes.
DROP INDEX uq_communication_message_external;
CREATE UNIQUE INDEX uq_communication_message_external
    ON communication_message (external_message_id, direction, channel_account_id, content_hash) NULLS NOT DISTINCT WHERE external_message_id IS NOT NULL;
CREATE INDEX idx_communication_message_provider ON communication_message (provider_message_id) WHERE provider_message_id IS NOT NULL;
CREATE INDEX idx_communication_message_references ON communication_message USING gin (reference_ids);
CREATE INDEX idx_communication_message_sender ON communication_message (sender_email, created_at);
CREATE INDEX idx_communication_message_counterpart ON communication_message (counterpart_key, created_at) WHERE counterpart_key IS NOT NULL;
CREATE INDEX idx_communication_message_mentions ON communication_message USING gin (mentions);

-- The other mailboxes of ours that the same message came to.
CREATE TABLE communication_message_place (
    message_id uuid NOT NULL REFERENCES communication_message (id),
    channel_account_id uuid NOT NULL REFERENCES communication_channel (id),
    raw_id uuid NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (message_id, channel_account_id)
);

-- What providers sent, as it came, before anything is made of it. The id follows from the content: a repeated delivery is one row.
CREATE TABLE inbound_message (
    id uuid PRIMARY KEY,
    channel text NOT NULL,
    -- Whose format it is, such as postmark; null for a raw mail.
    provider text,
    received_at timestamptz NOT NULL,
    content_type text,
    body bytea NOT NULL,
    worked_at timestamptz,
    -- What was made of it: a message, or why there is none.
    message_id uuid,
    outcome text
);
CREATE INDEX idx_inbound_message_received ON inbound_message (received_at);
CREATE INDEX idx_inbound_message_unworked ON inbound_message (received_at) WHERE worked_at IS NULL;
-- Mail does not compress well enough to be worth the time.
ALTER TABLE inbound_message ALTER COLUMN body SET STORAGE EXTERNAL;

-- What was reported of messages that are not known yet; applied when they are.
CREATE TABLE delivery_report (
    id uuid PRIMARY KEY,
    external_message_id text NOT NULL,
    channel text NOT NULL,
    received_at timestamptz NOT NULL,
    report jsonb NOT NULL
);
CREATE INDEX idx_delivery_report_external ON delivery_report (external_message_id);

-- How far each of us has read, for the marks on their own screen.
CREATE TABLE communication_thread_read (
    thread_id uuid NOT NULL REFERENCES communication_thread (id) ON DELETE CASCADE,
    reader_id uuid NOT NULL,
    position integer NOT NULL,
    read_at timestamptz NOT NULL,
    PRIMARY KEY (thread_id, reader_id)
);

-- Who reads or answers a thread at this moment.
CREATE TABLE communication_thread_presence (
    thread_id uuid NOT NULL REFERENCES communication_thread (id) ON DELETE CASCADE,
    actor_id uuid NOT NULL,
    actor jsonb NOT NULL,
    contact_id uuid,
    state text NOT NULL CONSTRAINT ck_communication_thread_presence_state CHECK (state IN ('reading', 'answering')),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    PRIMARY KEY (thread_id, actor_id)
);

-- Who wants no messages through an address or number of ours.
CREATE TABLE communication_opt_out (
    channel_account_id uuid NOT NULL REFERENCES communication_channel (id),
    address text NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (channel_account_id, address)
);
