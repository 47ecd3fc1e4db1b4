using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Platform.Entities;

/// <summary>What the pattern needs to know of an entity's table; the SQL stands in the implementation, beside its values.</summary>
public interface IEntityTable<TState> where TState : class
{
    /// <summary>The table's name, which is the entity's type everywhere.</summary>
    static abstract string Name { get; }

    /// <summary>SELECT of one row by <c>$1</c>, in the order that <see cref="Read"/> expects.</summary>
    static abstract string Select { get; }

    /// <summary>The entity by the row that the reader stands on.</summary>
    static abstract TState Read(NpgsqlDataReader row);

    /// <summary>INSERT of the row, without RETURNING.</summary>
    static abstract NpgsqlBatchCommand Insert(TState state);

    /// <summary>UPDATE of the row where its version is <paramref name="expectedVersion"/>, without RETURNING.</summary>
    static abstract NpgsqlBatchCommand Update(TState state, long expectedVersion);

    /// <summary>DELETE of the row where its version is <paramref name="expectedVersion"/>, without RETURNING.</summary>
    static abstract NpgsqlBatchCommand Delete(Guid id, long expectedVersion);

    /// <summary>The refusal that a violated constraint stands for; null where it is a fault of ours.</summary>
    static abstract Error? Explain(PostgresException violation, TState? state);
}

/// <summary>The status change and the change events that a command's events mean to the world outside.</summary>
public sealed record EntityNews(StatusTransition? Transition, IReadOnlyList<NewChange> Changes, string? Summary = null);

/// <summary>Loads and commits one kind of entity; one command is one transaction.</summary>
public sealed class EntityStore<TState, TTable>(NpgsqlDataSource source, GroupCommit commits)
    where TState : class, IEntityState<TState>
    where TTable : IEntityTable<TState>
{
    /// <summary>The entity by its row; null where there is none. Throws <see cref="NpgsqlException"/> where the database does not answer.</summary>
    public async Task<TState?> LoadAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(TTable.Select);
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? TTable.Read(row) : null;
    }

    /// <summary>False: the row's version was not <paramref name="before"/>'s, and nothing was written.</summary>
    public Task<bool> CommitAsync(TState? before, TState? after, EntityNews news, CommandContext context, DateTimeOffset now)
    {
        var audit = AuditEntry.Between(TTable.Name, before, after, news.Transition is not null, news.Summary, context, now);
        var row = (before, after) switch
        {
            (null, { } made) => TTable.Insert(made),
            ({ } gone, null) => TTable.Delete(gone.Id, gone.Version),
            ({ } old, { } revised) => TTable.Update(revised, old.Version),
            _ => throw new InvalidOperationException("A command that neither finds nor leaves an entity has nothing to commit."),
        };
        return commits.CommitAsync(new Commit<bool>(
            audit.RecordId, context.CommandId, audit.Around(row, context), static async (reader, cancellation) => await reader.ReadAsync(cancellation))
        {
            Transition = news.Transition,
            Changes = news.Changes,
        });
    }

    /// <summary>
    /// What a command that was committed before answered: the entity at the version that it made, out of the audit.
    /// Null where the command is not known. A success without a state is a deletion.
    /// </summary>
    public async Task<Result<Replay<TState>>?> ReplayAsync(Guid id, Guid commandId, TState? current, CancellationToken cancellation)
    {
        const string Find = "SELECT table_name, record_id, (business_context->>'version')::bigint, action, created_at FROM audit_log WHERE id = $1";
        await using var find = source.CreateCommand(Find);
        find.Parameters.Add(Sql.Uuid(commandId));
        await using var found = await find.ExecuteReaderAsync(cancellation);
        if (!await found.ReadAsync(cancellation))
        {
            return null;
        }

        if (found.GetString(0) != TTable.Name || found.GetGuid(1) != id)
        {
            return new Conflict("command_id_used", $"The command {commandId} was used for {found.GetString(0)} {found.GetGuid(1)} already.");
        }

        var version = found.GetInt64(2);
        return found.GetString(3) == "DELETE" ? new Replay<TState>(null)
            : current?.Version == version ? new Replay<TState>(current)
            : new Replay<TState>((await RewindAsync(id, version, current, cancellation)).Stamped(version, found.GetFieldValue<DateTimeOffset>(4)));
    }

    private async Task<TState> RewindAsync(Guid id, long version, TState? current, CancellationToken cancellation)
    {
        const string Later = """
            SELECT old_values FROM audit_log
            WHERE table_name = $1 AND record_id = $2 AND (business_context->>'version')::bigint > $3
            ORDER BY (business_context->>'version')::bigint DESC
            """;
        var row = current is null ? [] : RowJson.ToObject(current);
        await using var later = source.CreateCommand(Later);
        later.Parameters.Add(Sql.Text(TTable.Name));
        later.Parameters.Add(Sql.Uuid(id));
        later.Parameters.Add(Sql.Bigint(version));
        await using var entries = await later.ExecuteReaderAsync(cancellation);
        while (await entries.ReadAsync(cancellation))
        {
            foreach (var (name, old) in JsonNode.Parse(entries.GetString(0))!.AsObject())
            {
                row[name] = old?.DeepClone();
            }
        }

        return row.Deserialize<TState>(RowJson.Options)!;
    }
}

/// <summary>A command's answer, given again; null after a deletion.</summary>
public sealed record Replay<TState>(TState? State) where TState : class;
