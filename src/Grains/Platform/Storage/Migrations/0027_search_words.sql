-- Words that an entry lost: whether another has them is looked up by the retention, which takes those out of search_word that nobody has.
CREATE TABLE search_word_gone (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    word text NOT NULL
);

-- Rows may have gone before anybody noted it.
INSERT INTO search_word_gone (word) SELECT word FROM search_word;

-- Visits are found by their address, and a charger's page shows them.
CREATE INDEX idx_visit_address ON visit (address_id);
