-- Stock: a ledger of movements, what follows from it beside it, and the chargers that were installed (docs/adr/0042).

-- Where goods are: a warehouse, or a van.
CREATE TABLE stock_place (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    place_type text NOT NULL,
    vehicle_id uuid CONSTRAINT uq_stock_place_vehicle UNIQUE REFERENCES vehicle (id),
    -- Whose warehouse it is; null: all five's.
    business_entity text,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_stock_place_place_type CHECK (place_type IN ('warehouse', 'vehicle')),
    CONSTRAINT ck_stock_place_vehicle CHECK ((place_type = 'vehicle') = (vehicle_id IS NOT NULL)),
    CONSTRAINT ck_stock_place_business_entity CHECK (business_entity IN ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop'))
);
CREATE INDEX idx_stock_place_created ON stock_place (created_at, id);

-- How much of a product a place should have at least, and up to what it is filled.
CREATE TABLE stock_minimum (
    id uuid PRIMARY KEY,
    place_id uuid NOT NULL REFERENCES stock_place (id) ON DELETE CASCADE,
    product_id uuid NOT NULL REFERENCES product (id),
    minimum integer NOT NULL,
    refill_to integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT uq_stock_minimum UNIQUE (place_id, product_id),
    CONSTRAINT ck_stock_minimum CHECK (minimum > 0 AND refill_to >= minimum)
);
CREATE INDEX idx_stock_minimum_product ON stock_minimum (product_id);

-- One row a product: its version fences every change of the product's stock, in whatever place. Its id is the product's.
CREATE TABLE product_stock (
    id uuid PRIMARY KEY REFERENCES product (id),
    on_hand integer NOT NULL DEFAULT 0,
    reserved integer NOT NULL DEFAULT 0,
    short integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_product_stock_never_below_zero CHECK (reserved >= 0 AND on_hand >= reserved AND short >= 0)
);

-- What a place has of a product. Follows from the ledger and the reservations and is written with them; whatever the program
-- believes, the database lets no balance go below zero and nobody reserve what is not there.
CREATE TABLE stock_balance (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product (id),
    place_id uuid NOT NULL REFERENCES stock_place (id),
    on_hand integer NOT NULL,
    reserved integer NOT NULL,
    serials integer NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT uq_stock_balance UNIQUE (product_id, place_id),
    CONSTRAINT ck_stock_balance_never_below_zero CHECK (on_hand >= 0 AND reserved >= 0 AND reserved <= on_hand),
    CONSTRAINT ck_stock_balance_serials CHECK (serials >= 0 AND serials <= on_hand)
) WITH (fillfactor = 70);
CREATE INDEX idx_stock_balance_place ON stock_balance (place_id, product_id);

-- The ledger. Nothing in it is changed or taken away: a mistake is moved back.
CREATE TABLE stock_movement (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product (id),
    from_place_id uuid REFERENCES stock_place (id),
    to_place_id uuid REFERENCES stock_place (id),
    quantity integer NOT NULL,
    visit_id uuid REFERENCES visit (id),
    reservation_id uuid,
    serial_number text,
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_stock_movement_quantity CHECK (quantity > 0),
    CONSTRAINT ck_stock_movement_places CHECK (coalesce(from_place_id, to_place_id) IS NOT NULL AND from_place_id IS DISTINCT FROM to_place_id),
    CONSTRAINT ck_stock_movement_serial CHECK (serial_number IS NULL OR quantity = 1)
);
CREATE INDEX idx_stock_movement_created ON stock_movement (created_at, id);
CREATE INDEX idx_stock_movement_product ON stock_movement (product_id, created_at, id);
CREATE INDEX idx_stock_movement_from ON stock_movement (from_place_id, created_at, id);
CREATE INDEX idx_stock_movement_to ON stock_movement (to_place_id, created_at, id);
CREATE INDEX idx_stock_movement_visit ON stock_movement (visit_id, product_id) WHERE visit_id IS NOT NULL;
CREATE INDEX idx_stock_movement_serial ON stock_movement (serial_number) WHERE serial_number IS NOT NULL;

-- Pieces that are kept for somebody. Quantity counts against the place's balance while the state is held.
CREATE TABLE stock_reservation (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product (id),
    -- Null where nothing is held yet.
    place_id uuid REFERENCES stock_place (id),
    quantity integer NOT NULL,
    owner_type text NOT NULL,
    owner_id uuid NOT NULL,
    order_id uuid REFERENCES "order" (id),
    business_entity text,
    state text NOT NULL,
    expires_at timestamptz,
    -- Of an order's line: how many it needs, how many of them were used, and the version of the order that said so.
    wanted integer,
    used integer NOT NULL DEFAULT 0,
    owner_version bigint,
    ended_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_stock_reservation_quantity CHECK (quantity >= 0 AND used >= 0),
    CONSTRAINT ck_stock_reservation_owner_type CHECK (owner_type IN ('order', 'line_item', 'visit')),
    CONSTRAINT ck_stock_reservation_state CHECK (state IN ('held', 'short', 'released', 'expired', 'used')),
    CONSTRAINT ck_stock_reservation_held CHECK (state <> 'held' OR (quantity > 0 AND place_id IS NOT NULL))
) WITH (fillfactor = 85);
CREATE INDEX idx_stock_reservation_created ON stock_reservation (created_at, id);
CREATE INDEX idx_stock_reservation_product ON stock_reservation (product_id, created_at, id);
CREATE INDEX idx_stock_reservation_owner ON stock_reservation (owner_id);
CREATE INDEX idx_stock_reservation_order ON stock_reservation (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX idx_stock_reservation_held ON stock_reservation (place_id, product_id) WHERE state = 'held';
CREATE INDEX idx_stock_reservation_short ON stock_reservation (product_id, created_at) WHERE wanted > used + quantity AND state IN ('held', 'short');

-- Where each piece with a number of its own is. A number is one piece of a product, in one place or gone.
CREATE TABLE stock_serial (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product (id),
    serial_number text NOT NULL,
    -- Null while it is in no place of ours.
    place_id uuid REFERENCES stock_place (id),
    -- The visit that took it out.
    visit_id uuid,
    last_movement_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT uq_stock_serial UNIQUE (product_id, serial_number)
);
CREATE INDEX idx_stock_serial_number ON stock_serial (serial_number);
CREATE INDEX idx_stock_serial_place ON stock_serial (place_id, product_id) WHERE place_id IS NOT NULL;

-- The nightly check: one row a day, and one for everything that did not agree.
CREATE TABLE stock_check (
    id uuid PRIMARY KEY,
    checked_on date NOT NULL,
    checked_at timestamptz NOT NULL,
    balances bigint NOT NULL,
    differences integer NOT NULL
);
CREATE INDEX idx_stock_check_on ON stock_check (checked_on);
CREATE TABLE stock_difference (
    id uuid PRIMARY KEY,
    check_id uuid NOT NULL REFERENCES stock_check (id),
    rule text NOT NULL,
    product_id uuid NOT NULL REFERENCES product (id),
    place_id uuid REFERENCES stock_place (id),
    record_id uuid,
    expected bigint NOT NULL,
    actual bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_stock_difference_created ON stock_difference (created_at, id);

-- Who makes a charger, and for how long the maker vouches for it from its installation on.
ALTER TABLE product
    ADD COLUMN brand text,
    ADD COLUMN warranty_months integer;

CREATE TABLE installed_charger (
    id uuid PRIMARY KEY,
    business_entity text,
    brand text NOT NULL,
    model text,
    serial_number text NOT NULL,
    product_id uuid REFERENCES product (id),
    address_id uuid REFERENCES address (id),
    owner_organization_id uuid REFERENCES organization (id),
    owner_contact_id uuid REFERENCES contact (id),
    installed_by_visit_id uuid REFERENCES visit (id),
    installed_on date,
    warranty_until date,
    replaced_by_id uuid REFERENCES installed_charger (id),
    removed_on date,
    is_sold_by_us boolean NOT NULL DEFAULT true,
    notes text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_installed_charger_business_entity CHECK (business_entity IN ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_installed_charger_replaced CHECK (replaced_by_id <> id)
);
-- A number is one charger of a brand, however people type the two.
CREATE UNIQUE INDEX uq_installed_charger_serial ON installed_charger (lower(brand), upper(serial_number));
CREATE INDEX idx_installed_charger_created ON installed_charger (created_at, id);
CREATE INDEX idx_installed_charger_address ON installed_charger (address_id);
CREATE INDEX idx_installed_charger_serial ON installed_charger (upper(serial_number));
CREATE INDEX idx_installed_charger_owner ON installed_charger (owner_organization_id);

-- Technicians take parts off their van and put chargers on the wall; who plans sees to it that the van has them.
UPDATE user_role SET version = version + 1,
    permissions = jsonb_set(permissions, '{resources}',
        (permissions -> 'resources') || '["stock.read", "stock.write", "stock.manage", "chargers.read", "chargers.write"]')
WHERE role_name = 'manager';
UPDATE user_role SET version = version + 1,
    permissions = jsonb_set(permissions, '{resources}', (permissions -> 'resources') || '["stock.read", "stock.write", "chargers.read", "chargers.write"]')
WHERE role_name IN ('planner', 'technician');
UPDATE user_role SET version = version + 1,
    permissions = jsonb_set(permissions, '{resources}', (permissions -> 'resources') || '["chargers.read"]')
WHERE role_name = 'partner';
