using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Orders;

/// <summary>What was answered against what is kept, and the tables against one another.</summary>
internal static class OrderAgreement
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(90);

    private static readonly (string What, string Sql)[] Rules =
    [
        ("an order whose totals are not the sum of its lines", """
            SELECT count(*) FROM "order" o WHERE o.net_amount IS DISTINCT FROM (SELECT sum(l.total_price) FROM line_item l WHERE l.order_id = o.id)
                OR o.total_amount <> o.net_amount + o.vat_amount
            """),
        ("an order that knows other visits than it has", """
            SELECT count(*) FROM "order" o WHERE
                (SELECT coalesce(jsonb_object_agg(v.id, v.status), '{}') FROM visit v WHERE v.order_id = o.id)
                <> (SELECT coalesce(jsonb_object_agg(k ->> 'id', k ->> 'status'), '{}') FROM jsonb_array_elements(o.visits) k)
            """),
        ("an order that is cancelled and has an open visit", """
            SELECT count(*) FROM visit v JOIN "order" o ON o.id = v.order_id WHERE o.order_status = 'cancelled' AND v.status NOT IN ('completed', 'incomplete', 'no_show', 'cancelled')
            """),
        ("an order whose visits are all completed and that is not done", """
            SELECT count(*) FROM "order" o WHERE o.order_status IN ('approved', 'planned', 'in_progress')
                AND EXISTS (SELECT FROM visit v WHERE v.order_id = o.id) AND NOT EXISTS (SELECT FROM visit v WHERE v.order_id = o.id AND v.status <> 'completed')
            """),
        ("a van at a visit that is over", """
            SELECT count(*) FROM vehicle c JOIN visit v ON v.id = c.current_visit_id WHERE v.status IN ('completed', 'incomplete', 'no_show', 'cancelled')
            """),
        ("two visits of a van at one time", """
            SELECT count(*) FROM visit a JOIN visit b ON a.vehicle_id = b.vehicle_id AND a.id < b.id
                AND tstzrange(a.scheduled_start, a.scheduled_end) && tstzrange(b.scheduled_start, b.scheduled_end)
            WHERE a.status NOT IN ('cancelled', 'no_show') AND b.status NOT IN ('cancelled', 'no_show')
            """),
        ("a number without its one owner", """
            SELECT count(*) FROM (SELECT id, order_number AS number FROM "order" UNION ALL SELECT id, number FROM visit) r
            WHERE NOT EXISTS (SELECT FROM number_assignment n WHERE n.owner_id = r.id AND n.number = r.number)
            """),
        ("a consequence that failed", "SELECT count(*) FROM due_command WHERE state = 'failed'"),
        ("a consequence that was refused", "SELECT count(*) FROM due_command WHERE state = 'refused'"),
        ("a hole in the feed", "SELECT count(*) FROM (SELECT sequence - lag(sequence) OVER (ORDER BY sequence) AS step FROM change_event) s WHERE step <> 1"),
    ];

    public static async Task CheckAsync(DurableDatabase database, OrderLoad load, DrillReport report)
    {
        await SettledAsync(database, report);
        foreach (var (table, column) in new[] { ("order", "order_status"), ("visit", "status") })
        {
            await CheckRowsAsync(database, load, report, table, column);
        }

        foreach (var (what, sql) in Rules)
        {
            var count = await database.ScalarAsync<long>(sql);
            report.Require(count == 0, () => $"{count} times {what}");
        }
    }

    // What a host took and died over is another's when its lease is over.
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
        report.Require(open == 0, () => $"{open} consequences are not carried out {Settling.TotalSeconds} s after the last request");
    }

    private static async Task CheckRowsAsync(DurableDatabase database, OrderLoad load, DrillReport report, string table, string column)
    {
        var acknowledged = load.Acknowledged.Where(one => one.Table == table).ToList();
        var audited = (await database.RowsAsync(
            $"SELECT record_id, (business_context->>'version')::bigint, new_values->>'{column}' FROM audit_log WHERE table_name = '{table}' AND business_context->>'version' <> '0'",
            row => (Id: row.GetGuid(0), Version: row.GetInt64(1), Status: row.IsDBNull(2) ? null : row.GetString(2)))).ToLookup(one => one.Id);
        var rows = (await database.RowsAsync(
            $"""SELECT id, version, {column}, {(table == "order" ? "order_number" : "number")} FROM "{table}" """,
            row => (Id: row.GetGuid(0), Version: row.GetInt64(1), Status: row.GetString(2), Number: row.GetString(3)))).ToDictionary(row => row.Id);
        foreach (var one in acknowledged)
        {
            if (!rows.TryGetValue(one.Id, out var row))
            {
                report.Violation($"the {table} {one.Number} was acknowledged and is not there");
                continue;
            }

            report.Require(row.Number == one.Number, () => $"the {table} {one.Id} was answered as {one.Number} and is {row.Number}");
            var made = audited[one.Id].Where(entry => entry.Version == one.Version).ToList();
            report.Require(made.Count == 1, () => $"version {one.Version} of the {table} {one.Number} was acknowledged and is {made.Count} times in the audit");
        }

        foreach (var row in rows.Values)
        {
            var versions = audited[row.Id].Select(entry => entry.Version).Order().ToList();
            report.Require(
                versions.SequenceEqual(Enumerable.Range(1, (int)row.Version).Select(version => (long)version)),
                () => $"the {table} {row.Number} is at version {row.Version} and its audit has {string.Join(", ", versions)}");
            var last = audited[row.Id].OrderBy(entry => entry.Version).Select(entry => entry.Status).LastOrDefault(status => status is not null);
            report.Require(last == row.Status, () => $"the {table} {row.Number} is {row.Status}, and by its audit {last}");
        }

        report.Require(
            rows.Count == acknowledged.Select(one => one.Id).Distinct().Count(),
            () => $"there are {rows.Count} rows of {table}, acknowledged were {acknowledged.Select(one => one.Id).Distinct().Count()}");
        foreach (var (what, sql) in new[]
        {
            ("a status that is not where its history ends", $"""
                SELECT count(*) FROM "{table}" r LEFT JOIN entity_current_status s ON s.entity_type = '{table}' AND s.entity_id = r.id
                    LEFT JOIN status_transition t ON t.id = s.last_transition_id
                WHERE s.current_status IS DISTINCT FROM r.{column} OR t.to_status IS DISTINCT FROM r.{column}
                """),
            ("a history that is not what its audit has", $"""
                SELECT count(*) FROM "{table}" r
                WHERE (SELECT count(*) FROM status_transition t WHERE t.entity_type = '{table}' AND t.entity_id = r.id)
                    <> (SELECT count(*) FROM audit_log a WHERE a.table_name = '{table}' AND a.record_id = r.id AND a.action IN ('CREATE', 'STATUS_CHANGE'))
                """),
            ("a change of status that was not told once", $"""
                SELECT count(*) FROM "{table}" r
                LEFT JOIN (
                    SELECT entity_id, count(*) FILTER (WHERE type = '{table}.status_changed') AS moves, count(*) FILTER (WHERE type = '{table}.created') AS made
                    FROM change_event WHERE entity_type = '{table}' GROUP BY entity_id) told ON told.entity_id = r.id
                LEFT JOIN (
                    SELECT entity_id, count(*) AS moves FROM status_transition WHERE entity_type = '{table}' AND from_status IS NOT NULL GROUP BY entity_id) kept ON kept.entity_id = r.id
                WHERE coalesce(told.moves, 0) <> coalesce(kept.moves, 0) OR told.made IS DISTINCT FROM 1
                """),
        })
        {
            var count = await database.ScalarAsync<long>(sql);
            report.Require(count == 0, () => $"{count} times {what}, of {table}");
        }
    }
}
