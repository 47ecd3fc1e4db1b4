using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Cluster;

/// <summary>Whether what the callers were told is what the database has, and whether its tables agree with each other.</summary>
internal static class Agreement
{
    public static async Task CheckAsync(DurableDatabase database, ClusterLoad load, DrillReport report)
    {
        await FixesAsync(database, load, report);
        await ActionsAsync(database, load, report);
        await NumbersAsync(database, load, report);
        report.Must(load.Unexpected.IsEmpty, "no answer but success, a refusal or try-again", () => $"{load.Unexpected.Count}, such as {load.Unexpected.First()}");
    }

    private static async Task FixesAsync(DurableDatabase database, ClusterLoad load, DrillReport report)
    {
        var rows = await database.RowsAsync("SELECT vehicle_id, fix_time FROM vehicle_position", row => (row.GetGuid(0), row.GetDateTime(1)));
        var told = load.Fixes.ToHashSet();
        report.Must(told.IsSubsetOf(rows), $"all {told.Count} acknowledged fixes are there", () => $"{told.Except(rows).Count()} are not");
        report.Must(rows.Count == told.Count, "and no other", () => $"{rows.Count} rows");
    }

    private static async Task ActionsAsync(DurableDatabase database, ClusterLoad load, DrillReport report)
    {
        var done = load.Done.ToList();
        report.Must(
            done.Select(action => (action.Vehicle, action.Version)).Distinct().Count() == done.Count,
            $"{done.Count} acknowledged actions made a version each; {load.Refused} were refused by the status");
        var changes = await database.RowsAsync(
            "SELECT entity_id, (data->>'version')::bigint, data->>'from', data->>'to', actor->>'kind' = 'system' FROM change_event WHERE type = 'vehicle.status_changed' ORDER BY sequence",
            row => (Vehicle: row.GetGuid(0), Version: row.GetInt64(1), From: row.GetString(2), To: row.GetString(3), ByMovement: row.GetBoolean(4)));
        var asked = changes.Where(change => !change.ByMovement).ToList();
        report.Must(
            asked.Select(change => new DoneAction(change.Vehicle, change.Version, change.To)).ToHashSet().SetEquals(done),
            $"change_event has exactly these, each with the version and status that its caller was told, and {changes.Count - asked.Count} that the vehicles' movement made",
            () => $"it has {asked.Count}");
        report.Must(
            changes.GroupBy(change => change.Vehicle).All(life => life.First().From == "parked" && life.First().Version == 2
                && life.Zip(life.Skip(1)).All(pair => pair.First.To == pair.Second.From && pair.First.Version + 1 == pair.Second.Version)),
            "every vehicle's changes are one chain: no stale write was taken");
        var disagreeing = await database.ScalarAsync<long>("""
            SELECT count(*) FROM vehicle v
            WHERE v.version <> (SELECT count(*) FROM status_transition t WHERE t.entity_id = v.id)
               OR v.version <> (SELECT count(*) FROM audit_log a WHERE a.record_id = v.id)
               OR v.version <> (SELECT count(*) FROM change_event c WHERE c.entity_id = v.id AND c.type IN ('vehicle.created', 'vehicle.status_changed'))
               OR v.operational_status <> (SELECT s.current_status FROM entity_current_status s WHERE s.entity_id = v.id)
               OR v.operational_status <> (SELECT t.to_status FROM entity_current_status s JOIN status_transition t ON t.id = s.last_transition_id WHERE s.entity_id = v.id)
            """);
        report.Must(disagreeing == 0, "row, transitions, audit, current status and change events agree for every vehicle", () => $"{disagreeing} do not");
        var holes = await database.ScalarAsync<long>("SELECT max(sequence) - min(sequence) + 1 - count(*) FROM change_event");
        report.Must(holes == 0, "change_event has no hole", () => $"{holes} holes");
    }

    private static async Task NumbersAsync(DurableDatabase database, ClusterLoad load, DrillReport report)
    {
        var rows = await database.RowsAsync("SELECT owner_id, number FROM number_assignment", row => (row.GetGuid(0), row.GetString(1)));
        var told = load.Numbers.ToHashSet();
        report.Must(told.SetEquals(rows), $"all {told.Count} acknowledged numbers are their owners', and no other was given", () => $"{rows.Count} rows");
        var gapless = await database.ScalarAsync<bool>("""
            SELECT count(*) = max(a.sequence) AND min(a.sequence) = 1 AND max(a.sequence) = max(s.current_sequence) AND count(DISTINCT a.owner_id) = count(*)
            FROM number_assignment a JOIN number_sequence s ON s.id = a.number_sequence_id
            """);
        report.Must(gapless, "they are 1 to the counter without a gap, one owner each");
    }
}
