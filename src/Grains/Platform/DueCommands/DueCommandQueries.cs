using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Platform.DueCommands;

/// <summary>A row of <c>due_command</c>, as administrators see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What is to be done, such as <c>visit.act</c>.</param>
/// <param name="TargetId">Whom it is for.</param>
/// <param name="OriginType">The table of the entity that asked.</param>
/// <param name="OriginId">That entity.</param>
/// <param name="State"><c>pending</c>, <c>done</c>, <c>refused</c>, <c>failed</c> or <c>withdrawn</c>.</param>
/// <param name="DueAt">When it is to be done, UTC.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="LastError">What went wrong last.</param>
/// <param name="CreatedAt">UTC.</param>
/// <param name="EndedAt">UTC; null while it is pending.</param>
/// <param name="Version">The ETag.</param>
public sealed record DueCommandView(
    Guid Id, string Kind, Guid TargetId, string OriginType, Guid OriginId, string State, DateTimeOffset DueAt, int Attempts, string? LastError,
    DateTimeOffset CreatedAt, DateTimeOffset? EndedAt, long Version);

/// <summary>Reads due commands, and lets a stopped one be tried again.</summary>
public sealed class DueCommandQueries(NpgsqlDataSource source, GroupCommit commits, DueSignal signal, TimeProvider time)
{
    private const string Columns = "id, kind, target_id, origin_type, origin_id, state, due_at, attempts, last_error, created_at, ended_at, version";

    private const string Reopen = """
        UPDATE due_command SET state = 'pending', attempts = 0, held_until = NULL, ended_at = NULL, version = version + 1
        WHERE id = $1 AND state IN ('failed', 'refused')
        """;

    /// <summary>What a list of due commands offers; the newest first.</summary>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["state"] = ListFilter.Text("state"),
            ["kind"] = ListFilter.Text("kind"),
            ["targetId"] = ListFilter.Uuid("target_id"),
            ["originId"] = ListFilter.Uuid("origin_id"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") },
        "-createdAt");

    /// <summary>A page of due commands.</summary>
    public Task<Page<DueCommandView>> ListAsync(ListQuery query, CancellationToken cancellation) =>
        query.RunAsync(source, Columns, "due_command", Read, cancellation);

    /// <summary>One of them; null where there is none.</summary>
    public async Task<DueCommandView?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"SELECT {Columns} FROM due_command WHERE id = $1");
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? Read(row) : null;
    }

    /// <summary>Tries a refused or failed one again. False where it is neither.</summary>
    public async Task<bool> RetryAsync(Guid id, CommandContext context)
    {
        var audit = new Entities.AuditEntry(
            "due_command", id, "UPDATE", null, """{"state":"pending"}""", "Tried again", Entities.AuditEntry.ContextOf(context, version: 0), time.GetUtcNow());
        var row = new NpgsqlBatchCommand(Reopen) { Parameters = { Sql.Uuid(id) } };
        var reopened = await commits.CommitAsync(new StatementCommit<bool>(
            id, context.CommandId, audit.Around(row, context), static async (reader, cancellation) => await reader.ReadAsync(cancellation)));
        signal.Wake();
        return reopened;
    }

    private static DueCommandView Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetString(3), row.GetGuid(4), row.GetString(5), row.GetFieldValue<DateTimeOffset>(6), row.GetInt32(7),
        row.Optional<string>(8), row.GetFieldValue<DateTimeOffset>(9), row.OptionalValue<DateTimeOffset>(10), row.GetInt64(11));
}
