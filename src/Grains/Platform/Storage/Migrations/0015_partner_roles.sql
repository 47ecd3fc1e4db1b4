-- A role belongs to the company or to one partner: whoever manages roles for a partner changes that partner's and no others.
ALTER TABLE user_role ADD COLUMN partner_organization_id uuid REFERENCES organization (id);
