using System.Text.Json;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.DueCommands;

/// <summary>A due command that this host has taken.</summary>
internal sealed record TakenCommand(
    Guid Id, string Kind, Guid TargetId, string Command, Actor Actor, string? IpAddress, string? UserAgent, string OriginType, Guid OriginId,
    int Attempts)
{
    /// <summary>The context in which it is carried out: its own id, and who caused it from where.</summary>
    public CommandContext Context => new(Id, Actor, MayRepeat: true, IpAddress: IpAddress, UserAgent: UserAgent);
}

/// <summary>Takes what is due, and says what became of it.</summary>
internal sealed class DueCommandStore(NpgsqlDataSource source, GroupCommit commits)
{
    /// <summary>How many are taken at a time.</summary>
    public const int Most = 64;

    // One a target, its earliest: the next one comes up when that has ended. What another host holds is passed over.
    private const string TakeDue = """
        WITH due AS (
            SELECT id FROM due_command d
            WHERE state = 'pending' AND due_at <= $1 AND (held_until IS NULL OR held_until <= $1)
                AND NOT EXISTS (
                    SELECT FROM due_command earlier
                    WHERE earlier.target_id = d.target_id AND earlier.state = 'pending' AND earlier.due_at <= $1 AND earlier.sequence < d.sequence)
            ORDER BY due_at, sequence LIMIT $3
            FOR UPDATE SKIP LOCKED)
        UPDATE due_command d SET held_until = $2, attempts = d.attempts + 1
        FROM due WHERE d.id = due.id
        RETURNING d.id, d.kind, d.target_id, d.command, d.actor, d.contact_id, d.origin_type, d.origin_id, d.attempts, d.sequence, d.ip_address, d.user_agent
        """;

    private const string MarkDone = """
        UPDATE due_command SET state = 'done', ended_at = $2, last_error = NULL, version = version + 1 WHERE id = ANY ($1) AND state = 'pending'
        """;

    private const string Renew = "UPDATE due_command SET held_until = $2 WHERE id = ANY ($1) AND state = 'pending'";

    private const string MarkTried = "UPDATE due_command SET held_until = $2, last_error = $3 WHERE id = $1 AND state = 'pending'";

    private const string MarkEnded = """
        UPDATE due_command SET state = $2, ended_at = $3, last_error = $4, version = version + 1 WHERE id = $1 AND state = 'pending'
        """;

    private const string DeleteEnded = """
        DELETE FROM due_command WHERE id = ANY (ARRAY (
            SELECT id FROM due_command WHERE state IN ('done', 'withdrawn') AND ended_at < $1 ORDER BY ended_at LIMIT $2))
        """;

    /// <summary>Takes what is due and nobody holds, until <paramref name="until"/>; in the order in which it was written.</summary>
    public async Task<IReadOnlyList<TakenCommand>> TakeAsync(DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(TakeDue);
        command.Parameters.Add(Sql.Time(now));
        command.Parameters.Add(Sql.Time(until));
        command.Parameters.Add(Sql.Integer(Most));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var taken = new List<(long Sequence, TakenCommand Command)>();
        while (await row.ReadAsync(cancellation))
        {
            var actor = JsonSerializer.Deserialize<Actor>(row.GetString(4), RowJson.Options)! with { ContactId = row.OptionalValue<Guid>(5) };
            taken.Add((row.GetInt64(9), new(
                row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetString(3), actor, row.Optional<string>(10), row.Optional<string>(11),
                row.GetString(6), row.GetGuid(7), row.GetInt32(8))));
        }

        return [.. taken.OrderBy(one => one.Sequence).Select(one => one.Command)];
    }

    /// <summary>They have taken effect.</summary>
    public async Task DoneAsync(Guid[] ids, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(MarkDone);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, ids));
        command.Parameters.Add(Sql.Time(now));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>This host is still at them.</summary>
    public async Task RenewAsync(Guid[] ids, DateTimeOffset until, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Renew);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, ids));
        command.Parameters.Add(Sql.Time(until));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>It did not work; it waits for another try, and what comes after it for the same target waits too.</summary>
    public async Task TriedAsync(Guid id, DateTimeOffset again, string error, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(MarkTried);
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Time(again));
        command.Parameters.Add(Sql.Text(error));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// It is over without effect: refused by its target, or failed too often. On record at the entity that asked, and announced,
    /// in one transaction.
    /// </summary>
    public Task<bool> EndedAsync(TakenCommand taken, bool refused, string error, DateTimeOffset now)
    {
        var state = refused ? "refused" : "failed";
        var context = taken.Context with { CommandId = NameBasedId.Of($"{taken.Id}/{state}/{taken.Attempts}") };
        var audit = new AuditEntry(
            taken.OriginType, taken.OriginId, "UPDATE", null, null, $"What followed was {state}: {taken.Kind} for {taken.TargetId}: {error}",
            AuditEntry.ContextOf(context, version: 0), now);
        var row = new NpgsqlBatchCommand(MarkEnded) { Parameters = { Sql.Uuid(taken.Id), Sql.Text(state), Sql.Time(now), Sql.Text(error) } };
        var data = new { id = taken.Id, kind = taken.Kind, targetId = taken.TargetId, state, detail = error };
        return commits.CommitAsync(new StatementCommit<bool>(
            taken.Id, context.CommandId, audit.Around(row, context), static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Changes = [new($"due_command.{state}", taken.OriginType, now, RowJson.ForClient(taken.Actor), RowJson.ForClient(data)) { EntityId = taken.OriginId }],
        });
    }

    /// <summary>Deletes what ended well, in batches.</summary>
    public async Task<long> DeleteEndedAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        const int Batch = 10_000;
        for (var deleted = 0L; ;)
        {
            await using var command = source.CreateCommand(DeleteEnded);
            command.Parameters.Add(Sql.Time(before));
            command.Parameters.Add(Sql.Integer(Batch));
            var count = await command.ExecuteNonQueryAsync(cancellation);
            deleted += count;
            if (count < Batch)
            {
                return deleted;
            }
        }
    }
}
