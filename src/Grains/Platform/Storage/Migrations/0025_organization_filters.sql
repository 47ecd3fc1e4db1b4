-- Each filter of a list that may be a million rows long has its index; those of a few words are read along the order of the list.
CREATE INDEX idx_organization_business_entity ON organization (business_entity, created_at, id);
CREATE INDEX idx_organization_kvk_number ON organization (kvk_number) WHERE kvk_number IS NOT NULL;
CREATE INDEX idx_organization_vat_number ON organization (vat_number) WHERE vat_number IS NOT NULL;
CREATE INDEX idx_organization_email ON organization (email) WHERE email IS NOT NULL;
