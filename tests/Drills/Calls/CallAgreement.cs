using System.Text.Json;
using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Calls;

/// <summary>The calls that came shuffled, repeated and over kills against those that came in order, once; and the tables against one another.</summary>
internal static class CallAgreement
{
    // All that the row has but when and how often it was written, which is what differs.
    private const string Rows = "SELECT call_id, (to_jsonb(c) - 'created_at' - 'updated_at' - 'version')::text FROM call c";

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    private static readonly (string What, string Sql)[] Rules =
    [
        ("a call whose versions are not those of its audit", """
            WITH audited AS (
                SELECT record_id, array_agg((business_context ->> 'version')::bigint ORDER BY (business_context ->> 'version')::bigint) AS versions
                FROM audit_log WHERE table_name = 'call' GROUP BY record_id)
            SELECT count(*) FROM call c LEFT JOIN audited a ON a.record_id = c.id
            WHERE a.versions IS DISTINCT FROM (SELECT array_agg(v ORDER BY v) FROM generate_series(1, c.version) v)
            """),
        ("a call whose last audit has another status", """
            SELECT count(*) FROM call c WHERE c.status IS DISTINCT FROM (
                SELECT a.new_values ->> 'status' FROM audit_log a WHERE a.table_name = 'call' AND a.record_id = c.id AND a.new_values ? 'status'
                ORDER BY (a.business_context ->> 'version')::bigint DESC LIMIT 1)
            """),
        ("a status that is not where its history ends", """
            SELECT count(*) FROM call c LEFT JOIN entity_current_status s ON s.entity_type = 'call' AND s.entity_id = c.id
                LEFT JOIN status_transition t ON t.id = s.last_transition_id
            WHERE s.current_status IS DISTINCT FROM c.status OR t.to_status IS DISTINCT FROM c.status
            """),
        ("a status that went back", """
            WITH rank (status, place) AS (VALUES
                ('initial', 0), ('ringing', 1), ('answered', 2), ('busy', 3), ('failed', 3), ('no_answer', 3), ('completed', 4))
            SELECT count(*) FROM status_transition t JOIN rank f ON f.status = t.from_status JOIN rank u ON u.status = t.to_status
            WHERE t.entity_type = 'call' AND u.place < f.place
            """),
        ("a call that was not told once to be new", """
            SELECT count(*) FROM call c WHERE (SELECT count(*) FROM change_event e WHERE e.entity_id = c.id AND e.type = 'call.created') <> 1
            """),
        ("an event of a call that has no row", "SELECT count(*) FROM aircall_event e WHERE NOT EXISTS (SELECT FROM call c WHERE c.call_id = e.call_id)"),
        ("an event without effect", "SELECT count(*) FROM aircall_event WHERE error IS NOT NULL"),
        ("a consequence that failed or was refused", "SELECT count(*) FROM due_command WHERE state IN ('failed', 'refused')"),
        ("a hole in the feed", "SELECT count(*) FROM (SELECT sequence - lag(sequence) OVER (ORDER BY sequence) AS step FROM change_event) s WHERE step <> 1"),
    ];

    /// <summary>Spoils a row of every kind: a check that does not notice is worth nothing.</summary>
    public static async Task SpoilAsync(DurableDatabase database, DrillReport report)
    {
        (string What, string Sql)[] spoils =
        [
            ("a call is lost", "DELETE FROM call WHERE id = (SELECT min(id::text)::uuid FROM call)"),
            ("a call's status went back", "UPDATE call SET status = 'ringing' WHERE id = (SELECT max(id::text)::uuid FROM call WHERE status = 'completed')"),
            ("a comment is lost", "UPDATE call SET comments = '[]' WHERE id = (SELECT max(id::text)::uuid FROM call WHERE comments <> '[]')"),
            ("what the events said is not what they said", """
                UPDATE call SET evidence = evidence || '{"isDone": null}' WHERE id = (SELECT id FROM call ORDER BY id OFFSET 7 LIMIT 1)
                """),
            ("an event is lost", "DELETE FROM aircall_event WHERE id = (SELECT min(id::text)::uuid FROM aircall_event)"),
            ("an audit row is lost", """
                DELETE FROM audit_log WHERE id = (SELECT id FROM audit_log WHERE table_name = 'call' ORDER BY created_at OFFSET 20 LIMIT 1)
                """),
            ("a change is lost", "DELETE FROM change_event WHERE sequence = (SELECT max(sequence) / 2 FROM change_event)"),
        ];
        foreach (var (what, sql) in spoils)
        {
            // Past the triggers that keep history as it is.
            await database.ExecuteAsync($"SET session_replication_role = replica; {sql}; RESET session_replication_role");
            report.Say($"tampered: {what}; a violation below must say so");
        }
    }

    /// <param name="taken">What came shuffled.</param>
    /// <param name="ordered">What came in order.</param>
    /// <param name="scene">The calls.</param>
    /// <param name="report">Gets what differs.</param>
    public static async Task CheckAsync(DurableDatabase taken, DurableDatabase ordered, CallScene scene, DrillReport report)
    {
        await SettledAsync(taken, report);
        var (seen, meant) = (await ReadAsync(taken), await ReadAsync(ordered));
        report.Require(meant.Count == scene.Streams.Count, () => $"the ordered streams came to {meant.Count} rows of {scene.Streams.Count} calls");
        report.Require(seen.Count == scene.Streams.Count, () => $"the shuffled streams came to {seen.Count} rows of {scene.Streams.Count} calls");
        var same = 0;
        foreach (var (call, row) in meant)
        {
            if (!seen.TryGetValue(call, out var other))
            {
                report.Violation($"the call {call} is not there");
            }
            else if (row != other)
            {
                report.Violation($"the call {call} is not the row of its ordered stream: {Difference(row, other)}");
            }
            else
            {
                same++;
            }
        }

        report.Say($"{same} of {scene.Streams.Count} rows are those of the ordered streams, to the last column");
        var events = await taken.ScalarAsync<long>("SELECT count(*) FROM aircall_event");
        report.Require(events == scene.Events, () => $"{events} events are kept of {scene.Events}");
        foreach (var (what, sql) in Rules)
        {
            var count = await taken.ScalarAsync<long>(sql);
            report.Require(count == 0, () => $"{count} times {what}");
        }
    }

    private static async Task SettledAsync(DurableDatabase database, DrillReport report)
    {
        var until = DateTime.UtcNow + Settling;
        long open;
        do
        {
            await Task.Delay(200);
            open = await database.ScalarAsync<long>("SELECT count(*) FROM due_command WHERE state = 'pending' AND due_at <= now()");
        }
        while (open > 0 && DateTime.UtcNow < until);
        report.Require(open == 0, () => $"{open} consequences are not carried out {Settling.TotalSeconds} s after the last webhook");
    }

    private static async Task<Dictionary<string, string>> ReadAsync(DurableDatabase database) =>
        (await database.RowsAsync(Rows, row => (Call: row.GetString(0), Row: row.GetString(1)))).ToDictionary(row => row.Call, row => row.Row);

    private static string Difference(string meant, string seen)
    {
        using var one = JsonDocument.Parse(meant);
        using var other = JsonDocument.Parse(seen);
        return string.Join("; ",
            from column in one.RootElement.EnumerateObject()
            let found = other.RootElement.TryGetProperty(column.Name, out var value) ? value.GetRawText() : "missing"
            where found != column.Value.GetRawText()
            select $"{column.Name} is {Short(found)} and should be {Short(column.Value.GetRawText())}");
    }

    private static string Short(string text) => text.Length > 200 ? $"{text[..200]}…" : text;
}
