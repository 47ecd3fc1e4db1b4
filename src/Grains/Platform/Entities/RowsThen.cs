using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Platform.Entities;

/// <summary>The rows of a table as they were at a moment: those that are now, with what the audit says was changed since taken back (docs/adr/0075).</summary>
public static class RowsThen
{
    /// <summary>
    /// A query for all columns of the rows that there were, to be used in the place of the table. What was not changed since is read by the
    /// table's own indexes; of the rest each column is what the first later change found there.
    /// </summary>
    /// <param name="rows">The table; its rows are audited and have <c>created_at</c>, <c>updated_at</c> and <c>version</c>.</param>
    /// <param name="at">Where the moment stands in the statement, as in <c>$1</c>.</param>
    /// <param name="present">Columns that are told as they are now: what may have been erased must not come back.</param>
    public static string Of(IRowMapping rows, string at, params ReadOnlySpan<string> present)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var audit = $"audit_log entry WHERE entry.table_name = '{rows.Table}' AND entry.record_id = later.id AND entry.created_at";
        var kept = string.Concat(present.ToArray().Select(column => $" AND field.key <> '{column}'"));
        return $"""
            SELECT still.* FROM "{rows.Table}" still WHERE still.updated_at <= {at}
            UNION ALL
            SELECT was.* FROM "{rows.Table}" later
            CROSS JOIN LATERAL (
                SELECT jsonb_object_agg(first.key, first.value) AS fields FROM (
                    SELECT DISTINCT ON (field.key) field.key, field.value
                    FROM (SELECT entry.old_values, (entry.business_context->>'version')::bigint AS version FROM {audit} > {at} AND entry.old_values IS NOT NULL) change
                    CROSS JOIN LATERAL jsonb_each(change.old_values) field
                    WHERE true{kept}
                    ORDER BY field.key, change.version) first) before
            CROSS JOIN LATERAL (
                SELECT jsonb_strip_nulls(jsonb_build_object('version', max((entry.business_context->>'version')::bigint), 'updated_at', max(entry.created_at))) AS fields
                FROM {audit} <= {at}) stamp
            CROSS JOIN LATERAL jsonb_populate_record(later, coalesce(before.fields, jsonb_build_object()) || stamp.fields) was
            WHERE later.updated_at > {at} AND later.created_at <= {at}
            """;
    }
}
