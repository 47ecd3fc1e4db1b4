using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Platform.Entities;

/// <summary>The rows of a table as they were at a moment: those that are now, with what the audit says was changed since taken back (docs/adr/0075).</summary>
public static class RowsThen
{
    /// <summary>
    /// A query for the columns of the rows that there were, to be used in the place of the table. What was not changed since is read by the
    /// table's own indexes; of the rest each column is what the first later change found there. Only the rows within
    /// <paramref name="which"/> are rebuilt; a condition from outside narrows them before that where it is on <c>id</c>, <c>created_at</c> or
    /// one of <paramref name="present"/>, and after it otherwise.
    /// </summary>
    /// <param name="rows">The table; its rows are audited and have <c>created_at</c>, <c>updated_at</c> and <c>version</c>.</param>
    /// <param name="at">Where the moment stands in the statement, as in <c>$1</c>.</param>
    /// <param name="which">Which rows are wanted, as a condition on what they are now, where the table is called <c>it</c>; null for all.</param>
    /// <param name="changed">
    /// Which of those that changed since may have been what is wanted, where that can be told without rebuilding them (<see cref="Changed"/>);
    /// a condition on <c>it</c>, null for all.
    /// </param>
    /// <param name="present">Columns that are told as they are now: those that never change, and what may have been erased and must not come back.</param>
    public static string Of(IRowMapping rows, string at, string? which, string? changed, params ReadOnlySpan<string> present)
    {
        ArgumentNullException.ThrowIfNull(rows);
        string[] kept = ["id", "created_at", .. present];
        var names = rows.Columns.Select(column => column.Name).ToList();
        var wanted = which is null ? "" : $" AND ({which})";
        var maybe = changed is null ? "" : $" AND ({changed})";
        var unread = string.Join(", ", kept.Select(column => $"'{column}'"));
        // A row that was deleted and made again under its id has the audit of both; what lies before it was made is not its own.
        var audit = $"audit_log entry WHERE entry.table_name = '{rows.Table}' AND entry.record_id = later.id AND entry.created_at >= later.created_at";
        const string Version = "(entry.business_context->>'version')::bigint";
        return $"""
            SELECT {string.Join(", ", names.Select(name => $"it.\"{name}\""))} FROM "{rows.Table}" it WHERE it.updated_at <= {at}{wanted}
            UNION ALL
            SELECT {string.Join(", ", names.Select(name => $"{(kept.Contains(name) ? "later" : "was")}.\"{name}\""))}
            FROM (SELECT it AS present_row, it.* FROM "{rows.Table}" it WHERE it.updated_at > {at} AND it.created_at <= {at}{wanted}{maybe}) later
            CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(first.key, first.value) AS fields FROM (
                    SELECT DISTINCT ON (field.key) field.key, field.value
                    FROM (SELECT entry.old_values, {Version} AS version FROM {audit} AND entry.created_at > {at} AND entry.old_values IS NOT NULL) change
                    CROSS JOIN LATERAL jsonb_each(change.old_values) field
                    WHERE field.key NOT IN ({unread})
                    ORDER BY field.key, change.version) first) before
            CROSS JOIN LATERAL (
                SELECT jsonb_build_object(
                    'version', coalesce(max({Version}), (SELECT min({Version}) - 1 FROM {audit} AND entry.created_at > {at}), later.version),
                    'updated_at', coalesce(max(entry.created_at), later.created_at)) AS fields
                FROM {audit} AND entry.created_at <= {at}) stamp
            CROSS JOIN LATERAL jsonb_populate_record(later.present_row, coalesce(before.fields, jsonb_build_object()) || stamp.fields) was
            """;
    }

    /// <summary>A condition on <c>it</c>: a change after the moment fulfils this condition on its audit row, which is <c>entry</c>.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="at">Where the moment stands in the statement.</param>
    /// <param name="entry">What the change must be.</param>
    public static string Changed(IRowMapping rows, string at, string entry)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return $"EXISTS (SELECT FROM audit_log entry WHERE entry.table_name = '{rows.Table}' AND entry.record_id = it.id AND entry.created_at > {at} AND ({entry}))";
    }
}
