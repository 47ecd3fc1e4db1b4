-- Outside of 24 hours after a customer's last message WhatsApp takes only templates that it approved, by their name and language.
ALTER TABLE message_template ADD COLUMN provider_name text, ADD COLUMN provider_language text;
