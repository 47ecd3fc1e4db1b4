-- How far mailboxes that are read by IMAP were read, and the mails that a server did not hand over.

-- The channel by whose mailbox it came, where that is known before anybody has read it.
ALTER TABLE inbound_message ADD COLUMN channel_account_id uuid REFERENCES communication_channel (id) ON DELETE SET NULL;

CREATE TABLE mailbox_cursor (
    channel_account_id uuid PRIMARY KEY REFERENCES communication_channel (id) ON DELETE CASCADE,
    -- The server's word for the folder's numbering; 0 before the first reading.
    uid_validity bigint NOT NULL DEFAULT 0,
    last_uid bigint NOT NULL DEFAULT 0,
    -- The folder is numbered anew: what is known by its Message-ID is passed over.
    is_rescan boolean NOT NULL DEFAULT false,
    next_at timestamptz NOT NULL,
    read_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    last_error text
);

CREATE TABLE mailbox_missed (
    channel_account_id uuid NOT NULL REFERENCES communication_channel (id) ON DELETE CASCADE,
    uid_validity bigint NOT NULL,
    uid bigint NOT NULL,
    attempts integer NOT NULL,
    error text NOT NULL,
    missed_at timestamptz NOT NULL,
    PRIMARY KEY (channel_account_id, uid_validity, uid)
);
