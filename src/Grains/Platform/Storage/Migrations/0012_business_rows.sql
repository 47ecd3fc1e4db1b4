-- What the business rows need besides their tables.

-- Orders go to one person at an organization: the database holds that there is one at most.
CREATE UNIQUE INDEX uq_contact_primary ON contact (organization_id) WHERE is_primary;
CREATE INDEX idx_contact_created ON contact (created_at, id);
CREATE INDEX idx_organization_created ON organization (created_at, id);
CREATE INDEX idx_organization_name ON organization (name, id);
CREATE INDEX idx_address_created ON address (created_at, id);
CREATE INDEX idx_address_postal_code ON address (postal_code, street_number);
CREATE INDEX idx_product_created ON product (created_at, id);

-- The price of a product in a span of days, both ends included, for one partner or, without one, for everybody.
CREATE TABLE price_list (
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL REFERENCES product (id),
    partner_organization_id uuid REFERENCES organization (id),
    valid_from date NOT NULL,
    valid_to date,
    unit_price numeric(10,2),
    partner_price numeric(10,2),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT ck_price_list_valid CHECK (valid_to >= valid_from),
    -- Two prices on one day would make the price a matter of luck.
    CONSTRAINT ex_price_list_overlap EXCLUDE USING gist (
        product_id WITH =,
        coalesce(partner_organization_id, '00000000-0000-0000-0000-000000000000'::uuid) WITH =,
        daterange(valid_from, valid_to, '[]') WITH &&)
);
CREATE INDEX idx_price_list_product ON price_list (product_id, valid_from);

-- Members are parts of their team and go with it; their audit stays.
ALTER TABLE team_member DROP CONSTRAINT team_member_team_id_fkey;
ALTER TABLE team_member ADD CONSTRAINT team_member_team_id_fkey FOREIGN KEY (team_id) REFERENCES team (id) ON DELETE CASCADE;

-- Prices are not everybody's to see.
UPDATE user_role SET version = version + 1,
    permissions = jsonb_set(permissions, '{resources}', (permissions -> 'resources') || '["prices.read"]')
WHERE role_name IN ('manager', 'planner');
