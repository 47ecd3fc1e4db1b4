-- Whoever takes an opt-out back keeps a row: a word that is older than the last one, or comes again, changes nothing.
ALTER TABLE communication_opt_out ADD COLUMN ended_at timestamptz;
