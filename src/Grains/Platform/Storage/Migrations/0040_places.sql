-- The register of addresses as it was last loaded from a file, to say at which street a van stands and to find an address by what is typed.
-- Each loading brings partitions of its own, which take the place of those before them in one short transaction.
CREATE TABLE place_extract (
    id integer PRIMARY KEY,
    source text NOT NULL,
    loaded_at timestamptz NOT NULL,
    streets integer NOT NULL,
    addresses integer NOT NULL
);

CREATE TABLE place_street (
    extract_id integer NOT NULL,
    id integer NOT NULL,
    street text NOT NULL,
    town text NOT NULL,
    -- In lower case, of letters a to z and digits alone: what is typed in a hurry finds it.
    folded_street text COLLATE "C" NOT NULL,
    folded_town text COLLATE "C" NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL
) PARTITION BY LIST (extract_id);
CREATE INDEX idx_place_street_id ON place_street (id);
CREATE INDEX idx_place_street_folded ON place_street (folded_street, folded_town);

CREATE TABLE place_address (
    extract_id integer NOT NULL,
    street_id integer NOT NULL,
    number integer NOT NULL,
    house_number text NOT NULL,
    postal_code text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    -- East and north in degrees of latitude, so that what is nearest here is nearest on the ground too.
    plane point NOT NULL
) PARTITION BY LIST (extract_id);
CREATE INDEX idx_place_address_street ON place_address (street_id, number);
CREATE INDEX idx_place_address_postal_code ON place_address (postal_code, number);
CREATE INDEX idx_place_address_plane ON place_address USING gist (plane);

UPDATE user_role SET version = version + 1, permissions = jsonb_set(permissions, '{resources}', permissions->'resources' || '["places.read"]')
    WHERE role_name IN ('manager', 'planner', 'technician', 'viewer') AND partner_organization_id IS NULL;
