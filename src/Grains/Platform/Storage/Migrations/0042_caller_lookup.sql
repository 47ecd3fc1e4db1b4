-- Whose number it is that rings or writes: looked up while the phone still rings.
CREATE INDEX idx_contact_phone ON contact (phone) WHERE phone IS NOT NULL;
CREATE INDEX idx_contact_mobile ON contact (mobile) WHERE mobile IS NOT NULL;
