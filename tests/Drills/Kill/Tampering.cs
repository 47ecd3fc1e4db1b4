using Npgsql;

namespace ChargeCars.Drills.Kill;

/// <summary>Spoils a row of every kind behind the host's back: a check that does not notice is worth nothing.</summary>
internal static class Tampering
{
    private static readonly (string What, string Sql)[] Spoils =
    [
        ("a fix is lost", "DELETE FROM vehicle_position WHERE ctid = (SELECT ctid FROM vehicle_position LIMIT 1) AND tableoid = (SELECT tableoid FROM vehicle_position LIMIT 1)"),
        ("a vehicle's status is not what was committed", "UPDATE vehicle SET operational_status = 'on_site' WHERE id = (SELECT min(id::text)::uuid FROM vehicle)"),
        ("a transition is lost", "DELETE FROM status_transition WHERE id = (SELECT max(id::text)::uuid FROM status_transition)"),
        ("an audit row is lost", "DELETE FROM audit_log WHERE id = (SELECT id FROM audit_log WHERE table_name = 'vehicle' AND action <> 'CREATE' ORDER BY created_at LIMIT 1)"),
        ("a change event is lost", "DELETE FROM change_event WHERE sequence = (SELECT max(sequence) / 2 FROM change_event)"),
        ("a number has another owner", "UPDATE number_assignment SET owner_id = gen_random_uuid() WHERE sequence = 1"),
        ("a number is lost", "DELETE FROM number_assignment WHERE sequence = 2"),
    ];

    public static async Task RunAsync(NpgsqlDataSource source, DrillReport report)
    {
        await using var connection = await source.OpenConnectionAsync();
        foreach (var (what, sql) in Spoils)
        {
            // Past the triggers that keep history as it is.
            await using var command = new NpgsqlCommand($"SET session_replication_role = replica; {sql}", connection);
            var rows = await command.ExecuteNonQueryAsync();
            report.Say($"tampered: {what} ({rows} row); a violation below must say so");
        }
    }
}
