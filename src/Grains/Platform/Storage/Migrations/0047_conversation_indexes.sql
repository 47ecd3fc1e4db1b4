-- Lists of conversations that pick few of very many: those of a colleague, and those of a name that few write to. Without these the rows of all of
-- the colleague's were sorted, and the newest of all names were passed over one by one.
CREATE INDEX idx_communication_thread_assigned_created ON communication_thread (assigned_to_contact_id, status, created_at, id);
CREATE INDEX idx_communication_thread_entity_created ON communication_thread (business_entity, created_at, id);

-- Every mail asks who names its ids. What an index of this kind has not sorted in yet is read through by each question, up to 4 MB of it.
ALTER INDEX idx_communication_message_references SET (fastupdate = off);
SELECT gin_clean_pending_list('idx_communication_message_references');
