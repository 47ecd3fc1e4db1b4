using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Entities;

/// <summary>A row of <c>audit_log</c> that is written if its command took effect.</summary>
/// <param name="Id">Its id: the command's for the entity's row, one that follows from it for the row of a part.</param>
/// <param name="Entry">What it says.</param>
/// <param name="Context">The command's context.</param>
internal sealed record AuditRow(Guid Id, AuditEntry Entry, CommandContext Context)
{
    private static readonly string InsertApplied = $"""
        INSERT INTO audit_log ({AuditEntry.Columns})
        SELECT id, table_name, record_id, action, old_values, new_values, contact_id, summary, context, ip_address, user_agent, at
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::jsonb[], $7::jsonb[], $8::uuid[], $9::text[], $10::jsonb[],
                $11::text[], $12::text[], $13::timestamptz[])
            AS t(command_id, id, table_name, record_id, action, old_values, new_values, contact_id, summary, context, ip_address, user_agent, at)
        WHERE {Commit.IsApplied("t.command_id")}
        """;

    public static NpgsqlBatchCommand Insert(IReadOnlyList<AuditRow> rows) => new(InsertApplied)
    {
        Parameters =
        {
            Sql.Column(rows, NpgsqlDbType.Uuid, row => row.Context.CommandId),
            Sql.Column(rows, NpgsqlDbType.Uuid, row => row.Id),
            Sql.Column(rows, NpgsqlDbType.Text, row => row.Entry.Table),
            Sql.Column(rows, NpgsqlDbType.Uuid, row => row.Entry.RecordId),
            Sql.Column(rows, NpgsqlDbType.Text, row => row.Entry.Action),
            Sql.Column(rows, NpgsqlDbType.Jsonb, row => row.Entry.Old),
            Sql.Column(rows, NpgsqlDbType.Jsonb, row => row.Entry.New),
            Sql.Column(rows, NpgsqlDbType.Uuid, row => row.Context.Actor.ContactId),
            Sql.Column(rows, NpgsqlDbType.Text, row => row.Entry.Summary),
            Sql.Column(rows, NpgsqlDbType.Jsonb, row => row.Entry.BusinessContext),
            Sql.Column(rows, NpgsqlDbType.Text, row => row.Context.IpAddress),
            Sql.Column(rows, NpgsqlDbType.Text, row => row.Context.UserAgent),
            Sql.Column(rows, NpgsqlDbType.TimestampTz, row => row.Entry.At),
        },
    };
}
