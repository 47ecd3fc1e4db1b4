using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Due;

/// <summary>Holds every consequence against the audit: once, and for one entity in the order in which they were written.</summary>
internal static class DueAgreement
{
    // A command's audit row has its id, so that what was carried out twice would have to have another.
    private const string Consequences = """
        SELECT d.id, d.kind, d.target_id, d.state, a.id IS NOT NULL, (a.business_context->>'version')::bigint, coalesce(d.last_error, '')
        FROM due_command d LEFT JOIN audit_log a ON a.id = d.id AND a.record_id = d.target_id
        WHERE d.kind IN ('visit.act', 'order.follow-visit') ORDER BY d.sequence
        """;

    private const string Chains = """
        SELECT record_id, array_agg((business_context->>'version')::bigint ORDER BY created_at, (business_context->>'version')::bigint) FROM audit_log
        WHERE table_name IN ('visit', 'order') AND (business_context->>'version')::bigint > 0 GROUP BY record_id
        """;

    /// <summary>Spoils rows of every kind: a check that does not notice is worth nothing.</summary>
    public static async Task SpoilAsync(DurableDatabase database, DrillReport report)
    {
        (string What, string Sql)[] spoils =
        [
            ("a consequence took no effect", "DELETE FROM audit_log WHERE id = (SELECT id FROM due_command WHERE kind = 'visit.act' AND state = 'done' LIMIT 1)"),
            ("one is still to be done", "UPDATE due_command SET state = 'pending', due_at = now() + interval '1 day' WHERE id = (SELECT id FROM due_command WHERE kind = 'order.follow-visit' LIMIT 1)"),
            ("two took effect in the wrong order", """
                UPDATE audit_log a SET business_context = jsonb_set(a.business_context, '{version}', '1000')
                WHERE id = (SELECT id FROM due_command WHERE kind = 'order.follow-visit' AND state = 'done' ORDER BY sequence LIMIT 1 OFFSET 1)
                """),
            ("a visit was cancelled twice", """
                INSERT INTO status_transition (id, entity_type, entity_id, from_status, to_status, created_at)
                SELECT gen_random_uuid(), entity_type, entity_id, from_status, to_status, now() FROM status_transition
                WHERE entity_type = 'visit' AND to_status = 'cancelled' LIMIT 1
                """),
        ];
        foreach (var (what, sql) in spoils)
        {
            // Past the triggers that keep history as it is.
            await database.ExecuteAsync($"SET session_replication_role = replica; {sql}; RESET session_replication_role");
            report.Say($"tampered: {what}; a violation below must say so");
        }
    }

    public static async Task CheckAsync(DurableDatabase database, IReadOnlyList<Guid> orders, int visits, DrillReport report)
    {
        var rows = await database.RowsAsync(Consequences, row => (
            Id: row.GetGuid(0), Kind: row.GetString(1), Target: row.GetGuid(2), State: row.GetString(3), InEffect: row.GetBoolean(4),
            Version: row.IsDBNull(5) ? 0 : row.GetInt64(5), Error: row.GetString(6)));
        foreach (var row in rows)
        {
            if (row.State is not ("done" or "refused") || row.InEffect != (row.State == "done"))
            {
                report.Violation($"{row.Kind} {row.Id} for {row.Target} is {row.State} and {(row.InEffect ? "took effect" : "took no effect")} {row.Error}");
            }
        }

        foreach (var ofOne in rows.Where(row => row.State == "done").GroupBy(row => row.Target))
        {
            var versions = ofOne.Select(row => row.Version).ToList();
            if (!versions.SequenceEqual(versions.Order()))
            {
                report.Violation($"{ofOne.Key}: what followed took effect in the order of versions {string.Join(", ", versions)}");
            }
        }

        foreach (var (id, versions) in await database.RowsAsync(Chains, row => (row.GetGuid(0), row.GetFieldValue<long[]>(1))))
        {
            if (!versions.SequenceEqual(Enumerable.Range(1, versions.Length).Select(version => (long)version)))
            {
                report.Violation($"{id}: its versions are {string.Join(", ", versions)}");
            }
        }

        report.Say($"{orders.Count} orders: {rows.Count} consequences, {rows.Count(row => row.State == "done")} in effect, {rows.Count(row => row.State == "refused")} refused");
        var cancelled = await database.ScalarAsync<long>("SELECT count(*) FROM visit WHERE order_id = ANY ($1) AND status = 'cancelled'", orders.ToArray());
        report.Must(cancelled == orders.Count * visits, "every visit of every cancelled order is cancelled", () => $"{cancelled} of {orders.Count * visits}");
        var twice = await database.ScalarAsync<long>("""
            SELECT count(*) FROM (SELECT entity_id FROM status_transition WHERE to_status = 'cancelled' GROUP BY entity_id HAVING count(*) <> 1) AS twice
            """);
        report.Must(twice == 0, "each was cancelled once", () => $"{twice} were not");
        var known = await database.ScalarAsync<long>("""
            SELECT count(*) FROM "order" o, jsonb_array_elements(o.visits) v WHERE o.id = ANY ($1) AND v->>'status' = 'cancelled'
            """, orders.ToArray());
        report.Must(known == orders.Count * visits, "each order knows so of each of its visits", () => $"{known} of {orders.Count * visits}");
    }
}
