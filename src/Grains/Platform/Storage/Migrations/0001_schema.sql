-- The business tables: the company's own schema to the letter, the tables that it leaves open, and our own.
--
-- Rules that hold throughout:
-- * Keys are uuid, version 7, made by the application: no default here, so that a forgotten id is an error.
-- * Times are timestamptz (UTC), money numeric(10,2), json and objects jsonb.
-- * An enum is text with a CHECK named ck_<table>_<column>. A column that the schema calls a text status has none:
--   the application validates it, so that a new status needs no migration.
-- * NOT NULL is what the schema calls required, what has a default, and four kinds the schema leaves silent but that
--   would break without it: members of a unique key, the parent of a part, the business entity that scope is decided
--   by, and the flags of user_account (NULL in a security check is a hole).
-- * version fences stale writers: every table whose rows are edited has it, append-only tables don't.
-- * A foreign key is indexed where something follows it from the other side.

-- Overlap constraints combine equality on a uuid with overlap on a range; only this extension lets one index do both.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Organizations and people -------------------------------------------------------------------------------------------

CREATE TABLE organization (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    organization_type text,
    business_entity text,
    kvk_number text,
    vat_number text,
    website text,
    phone text,
    email text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_organization_organization_type CHECK (organization_type IN
        ('customer_business', 'customer_individual', 'partner', 'supplier', 'business_entity')),
    CONSTRAINT ck_organization_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop'))
);

CREATE TABLE contact (
    id uuid PRIMARY KEY,
    organization_id uuid REFERENCES organization (id),
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text NOT NULL,
    phone text,
    mobile text,
    contact_type text,
    is_primary boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_contact_contact_type CHECK (contact_type IN ('customer', 'partner', 'employee', 'contractor'))
);
CREATE INDEX idx_contact_org ON contact (organization_id);
-- Login and inbound mail look a person up by address, in any case. Not unique: families and offices share one.
CREATE INDEX idx_contact_email ON contact (lower(email));

CREATE TABLE address (
    id uuid PRIMARY KEY,
    entity_type text,
    entity_id uuid,
    address_type text,
    street_address text NOT NULL,
    street_number text,
    city text NOT NULL,
    state_province text,
    postal_code text NOT NULL,
    country text NOT NULL DEFAULT 'Netherlands',
    coordinates jsonb,
    is_validated boolean NOT NULL DEFAULT false,
    validation_source text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_address_entity_type CHECK (entity_type IN ('organization', 'contact', 'order', 'visit')),
    CONSTRAINT ck_address_address_type CHECK (address_type IN ('billing', 'shipping', 'installation', 'business'))
);
CREATE INDEX idx_address_entity ON address (entity_type, entity_id);

CREATE TABLE business_entity (
    id uuid PRIMARY KEY,
    entity_code text NOT NULL CONSTRAINT uq_business_entity_entity_code UNIQUE,
    legal_name text NOT NULL,
    trade_name text,
    kvk_number text,
    vat_number text,
    bank_account text,
    email_domains jsonb,
    communication_channels jsonb,
    branding_config jsonb,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_business_entity_entity_code CHECK (entity_code IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop'))
);

-- Access -------------------------------------------------------------------------------------------------------------

CREATE TABLE user_role (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    role_name text NOT NULL CONSTRAINT uq_user_role_role_name UNIQUE,
    description text,
    is_active boolean NOT NULL DEFAULT true,
    permissions jsonb,
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE user_account (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    contact_id uuid NOT NULL CONSTRAINT uq_user_account_contact_id UNIQUE REFERENCES contact (id),
    password text NOT NULL,
    role_id uuid NOT NULL REFERENCES user_role (id),
    scopes text[],
    user_organization_id uuid REFERENCES organization (id),
    is_active boolean NOT NULL DEFAULT false,
    email_verified boolean NOT NULL DEFAULT false,
    email_verification_token text,
    last_login timestamptz,
    login_attempts integer NOT NULL DEFAULT 0,
    account_locked_until timestamptz,
    password_reset_token text,
    password_reset_expires timestamptz,
    two_factor_enabled boolean NOT NULL DEFAULT false,
    two_factor_secret text,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_user_account_scopes CHECK (scopes <@ ARRAY['planning', 'sales_manager'])
);
CREATE INDEX idx_user_account_role ON user_account (role_id);

CREATE TABLE user_session (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    user_id uuid NOT NULL REFERENCES user_account (id),
    token_hash text NOT NULL CONSTRAINT uq_user_session_token_hash UNIQUE,
    ip_address text,
    user_agent text,
    last_activity timestamptz,
    expires_at timestamptz NOT NULL,
    revoked boolean NOT NULL DEFAULT false,
    revoke_reason text,
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX idx_user_session_user ON user_session (user_id);

-- A program's key. Only its hash is kept: the key itself is shown once.
CREATE TABLE api_key (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    key_hash bytea NOT NULL CONSTRAINT uq_api_key_key_hash UNIQUE,
    permissions text[] NOT NULL,
    business_entities text[],
    partner_organization_id uuid REFERENCES organization (id),
    expires_at timestamptz,
    revoked_at timestamptz,
    last_used_at timestamptz,
    created_by_contact_id uuid REFERENCES contact (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_api_key_business_entities CHECK (business_entities <@
        ARRAY['chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop'])
);

-- Keys that sign access tokens; id is the token's kid. The secret is encrypted by the application.
CREATE TABLE signing_key (
    id uuid PRIMARY KEY,
    secret bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz
);

-- Answers kept for a repeated request. A row without a status is a request that still runs.
CREATE TABLE idempotency_key (
    caller text NOT NULL,
    key text NOT NULL,
    fingerprint bytea NOT NULL,
    status integer,
    headers jsonb,
    body bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, key)
);
CREATE INDEX idx_idempotency_key_created ON idempotency_key (created_at);

-- Files --------------------------------------------------------------------------------------------------------------

CREATE TABLE attachment (
    id uuid PRIMARY KEY,
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    file_name text NOT NULL,
    file_type text,
    file_size integer,
    file_url text NOT NULL,
    mime_type text,
    uploaded_by_contact_id uuid REFERENCES contact (id),
    is_public boolean NOT NULL DEFAULT false,
    metadata jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX idx_attachment_entity ON attachment (entity_type, entity_id);

-- Catalogue, orders --------------------------------------------------------------------------------------------------

CREATE TABLE product (
    id uuid PRIMARY KEY,
    sku text CONSTRAINT uq_product_sku UNIQUE,
    name text NOT NULL,
    description text,
    category text,
    product_type text,
    unit_price numeric(10,2),
    partner_price numeric(10,2),
    tax_rate numeric(5,4) NOT NULL DEFAULT 0.21,
    is_active boolean NOT NULL DEFAULT true,
    stock_quantity integer,
    supplier_id uuid REFERENCES organization (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_product_product_type CHECK (product_type IN
        ('charge_point', 'cable', 'installation_service', 'accessory'))
);
CREATE INDEX idx_product_supplier ON product (supplier_id);

CREATE TABLE "order" (
    id uuid PRIMARY KEY,
    order_number text NOT NULL CONSTRAINT uq_order_order_number UNIQUE,
    customer_organization_id uuid REFERENCES organization (id),
    partner_organization_id uuid REFERENCES organization (id),
    primary_contact_id uuid REFERENCES contact (id),
    order_type text,
    business_entity text NOT NULL,
    order_status text NOT NULL DEFAULT 'new',
    installation_address_id uuid REFERENCES address (id),
    total_amount numeric(10,2),
    partner_total_amount numeric(10,2),
    requested_date date,
    planned_completion_date date,
    actual_completion_date date,
    priority_level text,
    notes text,
    partner_external_references jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_order_order_type CHECK (order_type IN ('installation', 'service', 'upgrade', 'removal')),
    CONSTRAINT ck_order_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_order_priority_level CHECK (priority_level IN ('low', 'normal', 'high', 'urgent'))
);
CREATE INDEX idx_order_customer ON "order" (customer_organization_id);
CREATE INDEX idx_order_partner ON "order" (partner_organization_id);
CREATE INDEX idx_order_status ON "order" (order_status);
CREATE INDEX idx_order_contact ON "order" (primary_contact_id);
CREATE INDEX idx_order_address ON "order" (installation_address_id);
-- The order list's default sort, newest first, paged by (created_at, id).
CREATE INDEX idx_order_created ON "order" (created_at, id);

CREATE TABLE line_item (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES "order" (id),
    product_id uuid REFERENCES product (id),
    quantity integer NOT NULL,
    unit_price numeric(10,2) NOT NULL,
    total_price numeric(10,2) NOT NULL,
    partner_price numeric(10,2),
    description text,
    item_type text,
    status text NOT NULL DEFAULT 'pending',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_line_item_item_type CHECK (item_type IN ('product', 'service', 'discount', 'tax'))
);
CREATE INDEX idx_line_item_order ON line_item (order_id);
CREATE INDEX idx_line_item_product ON line_item (product_id);

CREATE TABLE quote (
    id uuid PRIMARY KEY,
    business_entity text NOT NULL,
    number text,
    revision integer NOT NULL DEFAULT 1,
    supersedes_id uuid REFERENCES quote (id),
    order_id uuid NOT NULL REFERENCES "order" (id),
    contact_id uuid REFERENCES contact (id),
    status text NOT NULL DEFAULT 'draft',
    valid_until date,
    currency text NOT NULL DEFAULT 'EUR',
    -- What was offered, as offered: the order's lines go on changing.
    lines jsonb NOT NULL DEFAULT '[]',
    subtotal numeric(10,2),
    vat_total numeric(10,2),
    total numeric(10,2),
    terms text,
    sent_at timestamptz,
    accepted_at timestamptz,
    accepted_by_name text,
    reject_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    -- A revision keeps the number of the quote that it supersedes.
    CONSTRAINT uq_quote_number_revision UNIQUE (number, revision),
    CONSTRAINT ck_quote_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop'))
);
CREATE INDEX idx_quote_order ON quote (order_id);

CREATE TABLE invoice (
    id uuid PRIMARY KEY,
    business_entity text NOT NULL,
    number text CONSTRAINT uq_invoice_number UNIQUE,
    fiscal_year integer,
    kind text NOT NULL DEFAULT 'invoice',
    credits_invoice_id uuid REFERENCES invoice (id),
    order_id uuid NOT NULL REFERENCES "order" (id),
    quote_id uuid REFERENCES quote (id),
    status text NOT NULL DEFAULT 'draft',
    payment_state text NOT NULL DEFAULT 'not_paid',
    invoice_date date,
    supply_date date,
    due_date date,
    currency text NOT NULL DEFAULT 'EUR',
    -- Snapshots {name, address, btw_id, kvk}: an invoice doesn't follow its parties' later changes.
    seller jsonb,
    buyer jsonb,
    lines jsonb NOT NULL DEFAULT '[]',
    subtotal numeric(10,2),
    vat_total numeric(10,2),
    total numeric(10,2),
    vat_breakdown jsonb,
    amount_paid numeric(10,2) NOT NULL DEFAULT 0,
    issued_at timestamptz,
    issued_by uuid REFERENCES contact (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_invoice_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_invoice_kind CHECK (kind IN ('invoice', 'credit_note')),
    -- Numbered when issued, never before: a number on a draft would leave a gap when the draft dies.
    CONSTRAINT ck_invoice_number_when_issued CHECK ((number IS NULL) = (issued_at IS NULL))
);
CREATE INDEX idx_invoice_order ON invoice (order_id);
CREATE INDEX idx_invoice_credits ON invoice (credits_invoice_id) WHERE credits_invoice_id IS NOT NULL;

-- Fleet, teams, visits -----------------------------------------------------------------------------------------------

CREATE TABLE vehicle (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    license_plate text NOT NULL,
    vehicle_name text,
    vehicle_type text NOT NULL,
    brand_model text,
    year integer,
    ulu_vehicle_id text,
    current_location jsonb,
    last_location_update timestamptz,
    operational_status text NOT NULL DEFAULT 'parked',
    current_visit_id uuid,
    equipment_list jsonb,
    mileage_km integer,
    insurance_expiry date,
    maintenance_due date,
    last_maintenance_date date,
    is_active boolean NOT NULL DEFAULT true,
    is_available boolean NOT NULL DEFAULT true,
    -- The tracker's own id.
    device_id text,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_vehicle_vehicle_type CHECK (vehicle_type IN ('bus', 'van', 'truck', 'car', 'trailer'))
) WITH (fillfactor = 80); -- Its position is written back every few seconds: room for updates that touch no index.
-- Telemetry names a van by tracker, by ULU's id or by plate, and each must mean one van. A plate is one plate however
-- it is typed (V-196-RP, v196rp).
CREATE UNIQUE INDEX uq_vehicle_device_id ON vehicle (device_id) WHERE device_id IS NOT NULL;
CREATE UNIQUE INDEX uq_vehicle_ulu_vehicle_id ON vehicle (ulu_vehicle_id) WHERE ulu_vehicle_id IS NOT NULL;
CREATE UNIQUE INDEX uq_vehicle_license_plate
    ON vehicle (upper(regexp_replace(license_plate, '[^A-Za-z0-9]', '', 'g')));

CREATE TABLE team (
    id uuid PRIMARY KEY,
    -- NULL: works for all five.
    business_entity text,
    name text NOT NULL,
    description text,
    -- The van that the team usually drives; each visit names its own.
    vehicle_id uuid REFERENCES vehicle (id),
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_team_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop'))
);

CREATE TABLE team_member (
    id uuid PRIMARY KEY,
    business_entity text,
    team_id uuid NOT NULL REFERENCES team (id),
    contact_id uuid NOT NULL REFERENCES contact (id),
    role text NOT NULL,
    skills text[] NOT NULL DEFAULT '{}',
    -- [{name, expires_on}]
    certifications jsonb NOT NULL DEFAULT '[]',
    -- Crews change daily: a membership is a span of days, both ends included.
    valid_from date NOT NULL,
    valid_to date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_team_member_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_team_member_role CHECK (role IN ('lead', 'installer', 'apprentice')),
    CONSTRAINT ck_team_member_valid CHECK (valid_to >= valid_from)
);
CREATE INDEX idx_team_member_team ON team_member (team_id, valid_from);
CREATE INDEX idx_team_member_contact ON team_member (contact_id, valid_from);

CREATE TABLE visit (
    id uuid PRIMARY KEY,
    business_entity text NOT NULL,
    number text CONSTRAINT uq_visit_number UNIQUE,
    order_id uuid NOT NULL REFERENCES "order" (id),
    sequence integer NOT NULL DEFAULT 1,
    visit_type text NOT NULL,
    status text NOT NULL DEFAULT 'draft',
    team_id uuid REFERENCES team (id),
    vehicle_id uuid REFERENCES vehicle (id),
    address_id uuid REFERENCES address (id),
    window_start timestamptz,
    window_end timestamptz,
    scheduled_start timestamptz,
    scheduled_end timestamptz,
    estimated_minutes integer,
    confirmed_at timestamptz,
    en_route_at timestamptz,
    arrived_at timestamptz,
    started_at timestamptz,
    ended_at timestamptz,
    required_skills text[] NOT NULL DEFAULT '{}',
    checklist jsonb,
    resolution text,
    outcome_code text,
    signature_attachment_id uuid REFERENCES attachment (id),
    signed_by text,
    signed_at timestamptz,
    signoff_waived_by uuid REFERENCES contact (id),
    signoff_waived_reason text,
    follow_up_of_visit_id uuid REFERENCES visit (id),
    reschedule_count integer NOT NULL DEFAULT 0,
    cancel_reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT uq_visit_order_sequence UNIQUE (order_id, sequence),
    CONSTRAINT ck_visit_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_visit_visit_type CHECK (visit_type IN ('survey', 'install', 'service', 'rework', 'removal')),
    CONSTRAINT ck_visit_window CHECK (window_end > window_start),
    -- Both or neither, and not empty: an empty range overlaps nothing, and would slip past the constraints below.
    CONSTRAINT ck_visit_scheduled CHECK (
        (scheduled_start IS NULL) = (scheduled_end IS NULL) AND scheduled_end > scheduled_start),
    -- One van and one team are in one place at a time. The application refuses an overlap first and says why; this
    -- holds where two planners meet.
    CONSTRAINT ex_visit_vehicle_overlap EXCLUDE USING gist (
        vehicle_id WITH =, tstzrange(scheduled_start, scheduled_end) WITH &&)
        WHERE (vehicle_id IS NOT NULL AND scheduled_start IS NOT NULL AND status NOT IN ('cancelled', 'no_show')),
    CONSTRAINT ex_visit_team_overlap EXCLUDE USING gist (
        team_id WITH =, tstzrange(scheduled_start, scheduled_end) WITH &&)
        WHERE (team_id IS NOT NULL AND scheduled_start IS NOT NULL AND status NOT IN ('cancelled', 'no_show'))
);
-- By order: uq_visit_order_sequence. By van or team and time: the exclusion constraints' indexes, except cancelled ones.
CREATE INDEX idx_visit_scheduled ON visit (scheduled_start);
CREATE INDEX idx_visit_status ON visit (status);

CREATE TABLE visit_assignee (
    id uuid PRIMARY KEY,
    business_entity text NOT NULL,
    visit_id uuid NOT NULL REFERENCES visit (id),
    contact_id uuid NOT NULL REFERENCES contact (id),
    role text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT uq_visit_assignee_visit_contact UNIQUE (visit_id, contact_id),
    CONSTRAINT ck_visit_assignee_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_visit_assignee_role CHECK (role IN ('lead', 'installer', 'apprentice'))
);
CREATE INDEX idx_visit_assignee_contact ON visit_assignee (contact_id);

-- A circle around a visit's address, or a place of its own (a depot).
CREATE TABLE geofence (
    id uuid PRIMARY KEY,
    business_entity text,
    name text,
    address_id uuid REFERENCES address (id),
    visit_id uuid REFERENCES visit (id),
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    -- Inside the inner radius for dwell_seconds is an arrival; beyond the outer one a departure. The ring between them
    -- keeps a parked van's jitter from leaving and arriving all day.
    radius_meters double precision NOT NULL,
    exit_radius_meters double precision NOT NULL,
    dwell_seconds integer NOT NULL DEFAULT 60,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_geofence_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_geofence_radius CHECK (radius_meters > 0 AND exit_radius_meters >= radius_meters)
);
CREATE INDEX idx_geofence_visit ON geofence (visit_id);

-- Append-only: what a van did at a fence doesn't change afterwards.
CREATE TABLE geofence_event (
    id uuid PRIMARY KEY,
    business_entity text,
    geofence_id uuid NOT NULL REFERENCES geofence (id),
    vehicle_id uuid NOT NULL REFERENCES vehicle (id),
    visit_id uuid REFERENCES visit (id),
    event_type text NOT NULL,
    fix_time timestamptz NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- A fence sees one crossing per fix, so that a replayed fix changes nothing.
    CONSTRAINT uq_geofence_event UNIQUE (vehicle_id, geofence_id, fix_time, event_type),
    CONSTRAINT ck_geofence_event_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_geofence_event_event_type CHECK (event_type IN ('entered', 'arrived', 'departed'))
);
CREATE INDEX idx_geofence_event_visit ON geofence_event (visit_id);

-- Every fix. No foreign key to vehicle: its trigger runs once a row and halves the ingest; the Vehicle grain knows
-- that its van exists. Daily partitions are made ahead and dropped by PositionPartitions.
CREATE TABLE vehicle_position (
    vehicle_id uuid NOT NULL,
    fix_time timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    -- Degrees, WGS 84.
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    -- Metres.
    accuracy double precision,
    -- Kilometres an hour.
    speed double precision,
    -- Degrees clockwise from north.
    heading double precision,
    -- Metres.
    altitude double precision,
    ignition boolean,
    -- Kilometres.
    odometer double precision,
    source text NOT NULL,
    PRIMARY KEY (vehicle_id, fix_time, source)
) PARTITION BY RANGE (fix_time);

-- Status -------------------------------------------------------------------------------------------------------------

CREATE TABLE status_transition (
    id uuid PRIMARY KEY,
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    from_status text,
    to_status text NOT NULL,
    transition_reason text,
    business_context jsonb,
    triggered_by_contact_id uuid REFERENCES contact (id),
    triggered_by_system text,
    is_milestone boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_transition_entity ON status_transition (entity_type, entity_id);

CREATE TABLE entity_current_status (
    id uuid PRIMARY KEY,
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    current_status text NOT NULL,
    status_since timestamptz NOT NULL,
    assigned_user_id uuid REFERENCES contact (id),
    assigned_team_id uuid REFERENCES team (id),
    sla_deadline timestamptz,
    is_overdue boolean NOT NULL DEFAULT false,
    last_transition_id uuid REFERENCES status_transition (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    -- The schema asks for an index of this name and for uniqueness, on the same columns: one index is both, and this
    -- table is written by every command.
    CONSTRAINT idx_status_entity UNIQUE (entity_type, entity_id)
) WITH (fillfactor = 80);
CREATE INDEX idx_status_deadline ON entity_current_status (sla_deadline) WHERE sla_deadline IS NOT NULL;

-- Conversations ------------------------------------------------------------------------------------------------------

CREATE TABLE communication_thread (
    id uuid PRIMARY KEY,
    entity_type text,
    entity_id uuid,
    channel text,
    subject text,
    status text,
    priority text,
    assigned_to_contact_id uuid REFERENCES contact (id),
    first_message_at timestamptz,
    last_message_at timestamptz,
    message_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_communication_thread_entity_type CHECK (entity_type IN ('order', 'quote', 'support_ticket')),
    CONSTRAINT ck_communication_thread_channel CHECK (channel IN ('email', 'sms', 'whatsapp', 'portal', 'internal')),
    CONSTRAINT ck_communication_thread_status CHECK (status IN ('open', 'pending', 'resolved', 'archived')),
    CONSTRAINT ck_communication_thread_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent'))
);
CREATE INDEX idx_communication_thread_entity ON communication_thread (entity_type, entity_id);
CREATE INDEX idx_communication_thread_assignee ON communication_thread (assigned_to_contact_id, status);
CREATE INDEX idx_communication_thread_last_message ON communication_thread (last_message_at);

CREATE TABLE communication_message (
    id uuid PRIMARY KEY,
    thread_id uuid NOT NULL REFERENCES communication_thread (id),
    sender_contact_id uuid REFERENCES contact (id),
    sender_email text,
    sender_name text,
    recipient_emails jsonb,
    cc_emails jsonb,
    bcc_emails jsonb,
    subject text,
    body_text text,
    body_html text,
    -- attachment[] as a list of {attachment_id, file_name, mime_type, file_size}, not uuid[]: an array takes no foreign
    -- key either way, and a message goes on saying what was sent with it when the file is gone.
    attachments jsonb,
    direction text,
    status text,
    external_message_id text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_communication_message_direction CHECK (direction IN ('inbound', 'outbound')),
    CONSTRAINT ck_communication_message_status CHECK (status IN ('draft', 'sent', 'delivered', 'failed', 'read'))
);
CREATE INDEX idx_communication_message_thread ON communication_message (thread_id, created_at);
-- A provider delivers at least once: the second copy meets this, whichever host takes it. Per direction, as one of our
-- own names may write to another. Delivery states and replies find their message here too.
CREATE UNIQUE INDEX uq_communication_message_external
    ON communication_message (external_message_id, direction) WHERE external_message_id IS NOT NULL;

-- The schema leaves this table empty ("existing code"). Its columns follow from what names it: a thread's channel, and
-- business_entity.communication_channels, which lists through what and as whom each of the five names speaks.
CREATE TABLE communication_channel (
    id uuid PRIMARY KEY,
    business_entity_id uuid NOT NULL REFERENCES business_entity (id),
    channel text NOT NULL,
    name text NOT NULL,
    -- The address or number that messages come from and to; none for portal and internal.
    address text,
    is_active boolean NOT NULL DEFAULT true,
    settings jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    -- An inbound message finds its business entity by the address that it came to.
    CONSTRAINT uq_communication_channel_address UNIQUE (channel, address),
    CONSTRAINT ck_communication_channel_channel CHECK (channel IN ('email', 'sms', 'whatsapp', 'portal', 'internal'))
);
CREATE INDEX idx_communication_channel_business_entity ON communication_channel (business_entity_id);

CREATE TABLE notification (
    id uuid PRIMARY KEY,
    business_entity text NOT NULL,
    -- The address or number; recipient_contact_id when it is somebody we know.
    recipient text NOT NULL,
    recipient_contact_id uuid REFERENCES contact (id),
    channel text NOT NULL,
    template text NOT NULL,
    locale text NOT NULL DEFAULT 'nl-NL',
    payload jsonb,
    entity_type text,
    entity_id uuid,
    -- What makes two notifications the same one; a retried command sends one.
    dedupe_key text CONSTRAINT uq_notification_dedupe_key UNIQUE,
    status text NOT NULL DEFAULT 'pending',
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    failure_reason text,
    sent_at timestamptz,
    read_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_notification_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_notification_channel CHECK (channel IN ('email', 'sms', 'whatsapp', 'portal', 'internal'))
);
CREATE INDEX idx_notification_due ON notification (next_attempt_at) WHERE status = 'pending';
CREATE INDEX idx_notification_contact ON notification (recipient_contact_id, created_at);
CREATE INDEX idx_notification_entity ON notification (entity_type, entity_id);

-- Telephony ----------------------------------------------------------------------------------------------------------

CREATE TABLE phone_number (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    contact_id uuid REFERENCES contact (id),
    phone_number text NOT NULL,
    country_name text,
    country_code text,
    timezone text,
    version bigint NOT NULL DEFAULT 1
);
-- Not unique: one number may be several people's, and a caller lookup returns them all.
CREATE INDEX idx_phone_number_number ON phone_number (phone_number);
CREATE INDEX idx_phone_number_contact ON phone_number (contact_id);

CREATE TABLE business_phone_number (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_synced timestamptz,
    aircall_id text NOT NULL CONSTRAINT uq_business_phone_number_aircall_id UNIQUE,
    name text NOT NULL,
    digits text NOT NULL,
    business_entity_id uuid REFERENCES business_entity (id),
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE call (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    business_phone_number_id uuid REFERENCES business_phone_number (id),
    -- Events come at least once and in any order: whichever is first makes the call, the others find it here.
    call_id text CONSTRAINT uq_call_call_id UNIQUE,
    call_uuid text,
    cost numeric(10,2),
    phone_number_id uuid REFERENCES phone_number (id),
    direction text,
    status text,
    duration integer,
    started_at timestamptz,
    answered_at timestamptz,
    ended_at timestamptz,
    direct_link text,
    recording_url text,
    voicemail_url text,
    hangup_cause text,
    missed_call_reason text,
    tags jsonb,
    teams jsonb,
    ivr_options jsonb,
    comments jsonb,
    asset text,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_call_direction CHECK (direction IN ('inbound', 'outbound')),
    CONSTRAINT ck_call_status CHECK (status IN
        ('initial', 'ringing', 'answered', 'completed', 'busy', 'failed', 'no_answer'))
);
CREATE INDEX idx_call_started ON call (started_at);
CREATE INDEX idx_call_phone_number ON call (phone_number_id);
CREATE INDEX idx_call_business_phone_number ON call (business_phone_number_id);
-- Calls that still go on, swept by age when their hang-up never came.
CREATE INDEX idx_call_open ON call (started_at) WHERE status IN ('initial', 'ringing', 'answered');

-- Partners -----------------------------------------------------------------------------------------------------------

CREATE TABLE partner_integration (
    id uuid PRIMARY KEY,
    partner_organization_id uuid NOT NULL REFERENCES organization (id),
    integration_name text NOT NULL,
    integration_type text,
    api_base_url text,
    -- Encrypted by the application, bound to this row.
    api_key text,
    api_secret text,
    webhook_url text,
    webhook_secret text,
    is_active boolean NOT NULL DEFAULT false,
    status_mapping jsonb,
    field_mapping jsonb,
    rate_limit integer,
    last_sync_at timestamptz,
    sync_frequency_minutes integer,
    error_count integer NOT NULL DEFAULT 0,
    last_error_at timestamptz,
    last_error_message text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_partner_integration_integration_type CHECK (integration_type IN ('api', 'webhook', 'sftp', 'email'))
);
CREATE INDEX idx_partner_integration_partner ON partner_integration (partner_organization_id);

-- Numbers ------------------------------------------------------------------------------------------------------------

CREATE TABLE number_sequence (
    id uuid PRIMARY KEY,
    business_entity text NOT NULL,
    number_type text NOT NULL,
    year integer NOT NULL,
    current_sequence integer NOT NULL,
    prefix text,
    -- The high-water mark: the highest sequence ever given out, also after current_sequence was set back.
    max_sequence_reached integer,
    last_generated_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT uq_number_sequence_entity_type_year UNIQUE (business_entity, number_type, year),
    CONSTRAINT ck_number_sequence_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_number_sequence_number_type CHECK (number_type IN ('order', 'quote', 'invoice', 'visit'))
) WITH (fillfactor = 50); -- Five names × four types × a few years of rows, each updated all day.

-- Who got which number: written in the transaction that moves the counter, so that no number is ever unexplained.
CREATE TABLE number_assignment (
    -- number_sequence (id). A foreign key looks there once a row and took a third of the time of giving a number; the row
    -- is made or moved by the very statement that inserts here, and tr_number_sequence_kept holds the other side.
    number_sequence_id uuid NOT NULL,
    sequence integer NOT NULL,
    number text NOT NULL CONSTRAINT uq_number_assignment_number UNIQUE,
    business_entity text NOT NULL,
    number_type text NOT NULL,
    year integer NOT NULL,
    owner_id uuid NOT NULL,
    assigned_at timestamptz NOT NULL DEFAULT now(),
    assigned_by jsonb,
    voided_at timestamptz,
    void_reason text,
    voided_by jsonb,
    PRIMARY KEY (number_sequence_id, sequence),
    -- Asking again for the same owner returns the same number, also in the next year.
    CONSTRAINT uq_number_assignment_owner UNIQUE (owner_id, number_type, business_entity),
    CONSTRAINT ck_number_assignment_business_entity CHECK (business_entity IN
        ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_number_assignment_number_type CHECK (number_type IN ('order', 'quote', 'invoice', 'visit')),
    CONSTRAINT ck_number_assignment_voided CHECK ((voided_at IS NULL) = (void_reason IS NULL))
);

CREATE FUNCTION refuse_orphaning_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM number_assignment WHERE number_sequence_id = OLD.id) THEN
        RAISE EXCEPTION 'numbers of number_sequence % were given: it is kept', OLD.id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER tr_number_sequence_kept BEFORE DELETE ON number_sequence
    FOR EACH ROW EXECUTE FUNCTION refuse_orphaning_numbers();
CREATE TRIGGER tr_number_sequence_id_kept BEFORE UPDATE OF id ON number_sequence
    FOR EACH ROW WHEN (OLD.id <> NEW.id) EXECUTE FUNCTION refuse_orphaning_numbers();

-- Audit and changes --------------------------------------------------------------------------------------------------

CREATE TABLE audit_log (
    id uuid PRIMARY KEY,
    table_name text NOT NULL,
    record_id uuid NOT NULL,
    action text,
    old_values jsonb,
    new_values jsonb,
    changed_by_contact_id uuid REFERENCES contact (id),
    change_summary text,
    business_context jsonb,
    ip_address text,
    user_agent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_audit_log_action CHECK (action IN ('CREATE', 'UPDATE', 'DELETE', 'STATUS_CHANGE'))
);
CREATE INDEX idx_audit_table_record ON audit_log (table_name, record_id);
-- By time: rows are appended in order of time, so a few bytes per block range do.
CREATE INDEX idx_audit_created ON audit_log USING brin (created_at);

-- History is written once. The embedded server's role owns its tables, so revoking rights would stop nobody; a
-- statement trigger does, and costs an insert nothing.
CREATE FUNCTION refuse_rewriting_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER tr_audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();
CREATE TRIGGER tr_status_transition_append_only BEFORE UPDATE OR DELETE ON status_transition
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();

-- The durable feed of every committed change. sequence is dense and given by the writer under an advisory lock that it
-- holds until its commit, so that a reader at n never misses a change that commits later under a smaller number; a
-- serial would be neither dense nor in order of commit. Every command appends here: no other index, and no foreign
-- keys, whose triggers run once a row.
CREATE TABLE change_event (
    sequence bigint PRIMARY KEY,
    type text NOT NULL,
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    actor jsonb NOT NULL,
    data jsonb NOT NULL,
    -- What decides who may see it.
    business_entity text,
    partner_organization_id uuid,
    contact_id uuid,
    vehicle_id uuid
);

-- Cycles -------------------------------------------------------------------------------------------------------------

ALTER TABLE vehicle ADD CONSTRAINT vehicle_current_visit_id_fkey
    FOREIGN KEY (current_visit_id) REFERENCES visit (id);
