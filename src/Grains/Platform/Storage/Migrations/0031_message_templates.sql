-- Messages as they are written beforehand, for people and for what the program tells customers by itself.
CREATE TABLE message_template (
    id uuid PRIMARY KEY,
    business_entity text NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    -- What it is for: a person chooses it, or the program sends it at its moment.
    purpose text NOT NULL DEFAULT 'general',
    name text NOT NULL,
    subject text,
    body text NOT NULL,
    is_active boolean NOT NULL DEFAULT true,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_message_template_business_entity
        CHECK (business_entity IN ('chargecars', 'laderthuis', 'meterkastthuis', 'zaptecshop', 'ratioshop')),
    CONSTRAINT ck_message_template_channel CHECK (channel IN ('email', 'sms', 'whatsapp', 'portal')),
    CONSTRAINT ck_message_template_language CHECK (language IN ('nl', 'en')),
    CONSTRAINT ck_message_template_purpose CHECK (purpose IN ('general', 'on_my_way', 'arrival_moved')),
    CONSTRAINT uq_message_template_name UNIQUE (business_entity, channel, language, name)
);
CREATE INDEX idx_message_template_created ON message_template (created_at, id);
-- What the program sends by itself, it must not have to choose.
CREATE UNIQUE INDEX uq_message_template_purpose ON message_template (business_entity, channel, language, purpose) WHERE is_active AND purpose <> 'general';

-- A beginning for each name, so that turning the notices on is one setting. Texts stay within one text message of 160 characters, mostly.
INSERT INTO message_template (id, business_entity, channel, language, purpose, name, subject, body)
SELECT gen_random_uuid(), named.entity_code, made.channel, made.language, made.purpose, made.name, made.subject, made.body
FROM business_entity named, (VALUES
    ('sms', 'nl', 'on_my_way', 'Onderweg', NULL,
        'Onze monteur van {{ company.name }} is onderweg en komt tussen {{ arrival.from }} en {{ arrival.until }}. Volg de bus: {{ visit.link }}'),
    ('sms', 'en', 'on_my_way', 'On my way', NULL,
        'Our engineer of {{ company.name }} is on the way and arrives between {{ arrival.from }} and {{ arrival.until }}. Follow the van: {{ visit.link }}'),
    ('whatsapp', 'nl', 'on_my_way', 'Onderweg', NULL,
        'Onze monteur van {{ company.name }} is onderweg en komt tussen {{ arrival.from }} en {{ arrival.until }}. Volg de bus: {{ visit.link }}'),
    ('whatsapp', 'en', 'on_my_way', 'On my way', NULL,
        'Our engineer of {{ company.name }} is on the way and arrives between {{ arrival.from }} and {{ arrival.until }}. Follow the van: {{ visit.link }}'),
    ('email', 'nl', 'on_my_way', 'Onderweg', 'Onze monteur is onderweg',
        E'Beste {{ customer.first_name }},\n\nOnze monteur is onderweg en komt tussen {{ arrival.from }} en {{ arrival.until }}. '
        'U kunt de bus volgen: {{ visit.link }}\n\nMet vriendelijke groet,\n{{ company.name }}'),
    ('email', 'en', 'on_my_way', 'On my way', 'Our engineer is on the way',
        E'Dear {{ customer.first_name }},\n\nOur engineer is on the way and arrives between {{ arrival.from }} and {{ arrival.until }}. '
        'You can follow the van: {{ visit.link }}\n\nKind regards,\n{{ company.name }}'),
    ('sms', 'nl', 'arrival_moved', 'Andere aankomst', NULL,
        'De aankomst van onze monteur is veranderd: tussen {{ arrival.from }} en {{ arrival.until }}. Volg de bus: {{ visit.link }} {{ company.name }}'),
    ('sms', 'en', 'arrival_moved', 'Arrival moved', NULL,
        'The arrival of our engineer has changed: between {{ arrival.from }} and {{ arrival.until }}. Follow the van: {{ visit.link }} {{ company.name }}'),
    ('whatsapp', 'nl', 'arrival_moved', 'Andere aankomst', NULL,
        'De aankomst van onze monteur is veranderd: tussen {{ arrival.from }} en {{ arrival.until }}. Volg de bus: {{ visit.link }} {{ company.name }}'),
    ('whatsapp', 'en', 'arrival_moved', 'Arrival moved', NULL,
        'The arrival of our engineer has changed: between {{ arrival.from }} and {{ arrival.until }}. Follow the van: {{ visit.link }} {{ company.name }}'),
    ('email', 'nl', 'arrival_moved', 'Andere aankomst', 'De aankomst van onze monteur is veranderd',
        E'Beste {{ customer.first_name }},\n\nOnze monteur komt nu tussen {{ arrival.from }} en {{ arrival.until }}. '
        'U kunt de bus volgen: {{ visit.link }}\n\nMet vriendelijke groet,\n{{ company.name }}'),
    ('email', 'en', 'arrival_moved', 'Arrival moved', 'The arrival of our engineer has changed',
        E'Dear {{ customer.first_name }},\n\nOur engineer now arrives between {{ arrival.from }} and {{ arrival.until }}. '
        'You can follow the van: {{ visit.link }}\n\nKind regards,\n{{ company.name }}')
    ) AS made (channel, language, purpose, name, subject, body);
