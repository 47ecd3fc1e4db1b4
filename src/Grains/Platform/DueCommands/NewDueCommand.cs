using System.Text.Json;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.DueCommands;

/// <summary>A row of <c>due_command</c> that a commit writes.</summary>
public sealed record NewDueCommand(
    Guid Id, string Kind, Guid TargetId, string Command, string? Key, string Actor, Guid? ContactId, string? IpAddress, string? UserAgent,
    string OriginType, Guid OriginId, DateTimeOffset DueAt, DateTimeOffset CreatedAt)
{
    private static readonly string InsertApplied = $"""
        INSERT INTO due_command (id, kind, target_id, command, dedupe_key, actor, contact_id, ip_address, user_agent, origin_type, origin_id, due_at, created_at)
        SELECT id, kind, target_id, command, key, actor, contact_id, ip_address, user_agent, origin_type, origin_id, due_at, created_at
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::jsonb[], $6::text[], $7::jsonb[], $8::uuid[], $9::text[], $10::text[],
                $11::text[], $12::uuid[], $13::timestamptz[], $14::timestamptz[]) WITH ORDINALITY
            AS t(command_id, id, kind, target_id, command, key, actor, contact_id, ip_address, user_agent, origin_type, origin_id, due_at, created_at, ordinal)
        WHERE {Commit.IsApplied("t.command_id")}
        ORDER BY ordinal
        """;

    private static readonly string WithdrawApplied = $"""
        UPDATE due_command d SET state = 'withdrawn', ended_at = now(), version = d.version + 1
        FROM unnest($1::uuid[], $2::text[]) AS t(command_id, key)
        WHERE d.dedupe_key = t.key AND d.state = 'pending' AND {Commit.IsApplied("t.command_id")}
        """;

    /// <summary>The row of what follows from a command.</summary>
    /// <param name="due">What follows.</param>
    /// <param name="ordinal">Its place among what follows from the command.</param>
    /// <param name="originType">The table of the entity that asks.</param>
    /// <param name="originId">That entity.</param>
    /// <param name="context">The command.</param>
    /// <param name="now">When, UTC.</param>
    public static NewDueCommand Of(DueCommand due, int ordinal, string originType, Guid originId, CommandContext context, DateTimeOffset now) => new(
        NameBasedId.Of($"{context.CommandId}/due/{ordinal}"), DueCommand.KindOf(due.Command.GetType()), due.TargetId,
        JsonSerializer.Serialize(due.Command, due.Command.GetType(), RowJson.Options), due.Key,
        RowJson.ForRow(context.Actor).Text, context.Actor.ContactId, context.IpAddress, context.UserAgent, originType, originId, due.At ?? now, now);

    internal static NpgsqlBatchCommand Insert(IReadOnlyList<(Guid CommandId, NewDueCommand Row)> rows) => new(InsertApplied)
    {
        Parameters =
        {
            Sql.Column(rows, NpgsqlDbType.Uuid, row => row.CommandId),
            Sql.Column(rows, NpgsqlDbType.Uuid, row => row.Row.Id),
            Sql.Column(rows, NpgsqlDbType.Text, row => row.Row.Kind),
            Sql.Column(rows, NpgsqlDbType.Uuid, row => row.Row.TargetId),
            Sql.Column(rows, NpgsqlDbType.Jsonb, row => row.Row.Command),
            Sql.Column(rows, NpgsqlDbType.Text, row => row.Row.Key),
            Sql.Column(rows, NpgsqlDbType.Jsonb, row => row.Row.Actor),
            Sql.Column(rows, NpgsqlDbType.Uuid, row => row.Row.ContactId),
            Sql.Column(rows, NpgsqlDbType.Text, row => row.Row.IpAddress),
            Sql.Column(rows, NpgsqlDbType.Text, row => row.Row.UserAgent),
            Sql.Column(rows, NpgsqlDbType.Text, row => row.Row.OriginType),
            Sql.Column(rows, NpgsqlDbType.Uuid, row => row.Row.OriginId),
            Sql.Column(rows, NpgsqlDbType.TimestampTz, row => row.Row.DueAt.ToUniversalTime()),
            Sql.Column(rows, NpgsqlDbType.TimestampTz, row => row.Row.CreatedAt),
        },
    };

    // A key that is given anew is withdrawn first, by the group's earlier statement.
    internal static NpgsqlBatchCommand Withdraw(IReadOnlyList<(Guid CommandId, string Key)> keys) => new(WithdrawApplied)
    {
        Parameters =
        {
            Sql.Column(keys, NpgsqlDbType.Uuid, key => key.CommandId),
            Sql.Column(keys, NpgsqlDbType.Text, key => key.Key),
        },
    };
}
