-- One search over everything that a kind declares findable (docs/adr/0049).

-- Comes with PostgreSQL and is trusted: whoever may create in the database may create it, without being superuser.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What an entity is found by. It is derived from the entity's row, is written in the transaction of the command that changes it, and
-- is never shown. A kind of many rows has a partition of its own, so that looking among vans costs nothing for a million customers.
CREATE TABLE search_entry (
    entity_type text NOT NULL,
    entity_id uuid NOT NULL,
    version bigint NOT NULL,
    title_folded text COLLATE "C" NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (entity_type, entity_id)
) PARTITION BY LIST (entity_type);
CREATE TABLE search_entry_organization PARTITION OF search_entry FOR VALUES IN ('organization');
CREATE TABLE search_entry_contact PARTITION OF search_entry FOR VALUES IN ('contact');
CREATE TABLE search_entry_address PARTITION OF search_entry FOR VALUES IN ('address');
CREATE TABLE search_entry_order PARTITION OF search_entry FOR VALUES IN ('order');
CREATE TABLE search_entry_visit PARTITION OF search_entry FOR VALUES IN ('visit');
CREATE TABLE search_entry_call PARTITION OF search_entry FOR VALUES IN ('call');
CREATE TABLE search_entry_thread PARTITION OF search_entry FOR VALUES IN ('communication_thread');
CREATE TABLE search_entry_charger PARTITION OF search_entry FOR VALUES IN ('installed_charger');
CREATE TABLE search_entry_other PARTITION OF search_entry DEFAULT;
-- Without a list of what is pending: a search would have to read all of it, each time.
CREATE INDEX idx_search_entry_words ON search_entry USING gin (words) WITH (fastupdate = off);
CREATE INDEX idx_search_entry_title ON search_entry (entity_type, title_folded, entity_id);

-- Every word of a name or a place: what was typed with an error is compared with these and not with millions of rows.
CREATE TABLE search_word (word text PRIMARY KEY);
CREATE INDEX idx_search_word_near ON search_word USING gin (word gin_trgm_ops) WITH (fastupdate = off);

-- How far rows that were there before are findable.
CREATE TABLE search_filling (
    entity_type text PRIMARY KEY,
    form integer NOT NULL,
    last_id uuid NOT NULL,
    done_at timestamptz
);

