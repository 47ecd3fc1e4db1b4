-- The crossings of a trip that became private are taken away with its positions (PositionRemoval). Whoever does that says so in
-- a setting of the transaction, in the statement itself; any other deletion is refused as before.
CREATE FUNCTION refuse_removing_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('chargecars.removing', true) IS DISTINCT FROM TG_TABLE_NAME THEN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END
$$;

DROP TRIGGER tr_geofence_event_append_only ON geofence_event;
CREATE TRIGGER tr_geofence_event_append_only BEFORE UPDATE ON geofence_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();
CREATE TRIGGER tr_geofence_event_removal BEFORE DELETE ON geofence_event
    FOR EACH ROW EXECUTE FUNCTION refuse_removing_history();
