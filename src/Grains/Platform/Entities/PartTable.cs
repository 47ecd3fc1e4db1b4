using System.Collections.Frozen;
using System.Text.Json.Nodes;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Entities;

/// <summary>The rows that are parts of an entity: read with it, and written with it under its version.</summary>
/// <typeparam name="TState">The entity's state, which has its parts as a list.</typeparam>
public abstract class PartTable<TState> where TState : class
{
    /// <summary>Its mapping, for what is the same for all tables.</summary>
    public abstract IRowMapping Mapping { get; }

    /// <summary>SELECT of the parts of some entities, whose ids are <c>$1</c>.</summary>
    internal abstract NpgsqlBatchCommand Select(Guid[] entities);

    /// <summary>The states with their parts, out of the reader's current result.</summary>
    internal abstract Task<IReadOnlyList<TState>> ReadAsync(IReadOnlyList<TState> states, NpgsqlDataReader reader, CancellationToken cancellation);

    /// <summary>The state with its parts as of a commit.</summary>
    internal abstract TState Stamped(TState? before, TState after, long version, DateTimeOffset now);

    /// <summary>Whether two states have the same parts.</summary>
    internal abstract bool Same(TState one, TState other);

    /// <summary>The rows that lie between two states, and their audit.</summary>
    internal abstract IEnumerable<(RowWrite Row, AuditRow Audit)> Between(
        TState? before, TState? after, long version, string? summary, CommandContext context, DateTimeOffset now);

    /// <summary>The state with its parts as they were at a version, out of the audit.</summary>
    /// <param name="source">The database.</param>
    /// <param name="then">The state at that version, its parts aside.</param>
    /// <param name="current">The state now; null where it was deleted since.</param>
    /// <param name="later">When the entity was changed after that version.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal abstract Task<TState> RewoundAsync(
        NpgsqlDataSource source, TState then, TState? current, IReadOnlyList<DateTimeOffset> later, CancellationToken cancellation);
}

/// <inheritdoc/>
/// <typeparam name="TState">The entity's state.</typeparam>
/// <typeparam name="TPart">The part's record.</typeparam>
/// <param name="rows">The part and its table.</param>
/// <param name="parent">The column that names the entity.</param>
/// <param name="entityOf">The value of that column.</param>
/// <param name="parts">The entity's parts, in the order of <paramref name="order"/>.</param>
/// <param name="with">The entity with other parts.</param>
/// <param name="order">The order in which they are read, as SQL.</param>
public sealed class PartTable<TState, TPart>(
    RowMapping<TPart> rows, string parent, Func<TPart, Guid> entityOf, Func<TState, IReadOnlyList<TPart>> parts,
    Func<TState, IReadOnlyList<TPart>, TState> with, string order = "created_at, id") : PartTable<TState>
    where TState : class, IEntityState
    where TPart : class, IEntityPart, new()
{
    // Of the parts that there are, and of those that were deleted since: a deletion has the whole row, and the time of the entity's change.
    private static readonly string SelectHistory = """
        SELECT record_id, action, old_values, (business_context->>'version')::bigint, created_at FROM audit_log
        WHERE table_name = $1 AND record_id IN (
            SELECT unnest($2::uuid[])
            UNION ALL
            SELECT record_id FROM audit_log
            WHERE table_name = $1 AND created_at = ANY ($3) AND action = 'DELETE' AND old_values->>$4 = $5)
        ORDER BY (business_context->>'version')::bigint DESC
        """;

    private readonly string _select = $"SELECT {rows.ColumnList} FROM {rows.From} WHERE {parent} = ANY ($1) ORDER BY {order}";

    // PostgreSQL reads the columns back out of the JSON, and puts the rows in the order in which they are read from the table.
    private readonly string _selectOfJson = $"SELECT {rows.ColumnList} FROM jsonb_populate_recordset(NULL::{rows.From}, $1) ORDER BY {order}";

    /// <inheritdoc/>
    public override IRowMapping Mapping => rows;

    internal override NpgsqlBatchCommand Select(Guid[] entities) => new(_select) { Parameters = { Sql.Array(NpgsqlDbType.Uuid, entities) } };

    internal override async Task<IReadOnlyList<TState>> ReadAsync(
        IReadOnlyList<TState> states, NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var read = new List<TPart>();
        while (await reader.ReadAsync(cancellation))
        {
            read.Add(rows.Read(reader));
        }

        var byEntity = read.ToLookup(entityOf);
        return [.. states.Select(state => with(state, [.. byEntity[state.Id]]))];
    }

    internal override TState Stamped(TState? before, TState after, long version, DateTimeOffset now)
    {
        var known = before is null ? [] : parts(before).ToDictionary(part => part.Id);
        return with(after, [.. parts(after).Select(part => known.TryGetValue(part.Id, out var old) && rows.Same(old, part)
            ? old
            : rows.Stamped(part, version, now))]);
    }

    internal override bool Same(TState one, TState other) =>
        parts(one).Count == parts(other).Count && parts(one).Zip(parts(other)).All(pair => pair.First.Id == pair.Second.Id && rows.Same(pair.First, pair.Second));

    internal override async Task<TState> RewoundAsync(
        NpgsqlDataSource source, TState then, TState? current, IReadOnlyList<DateTimeOffset> later, CancellationToken cancellation)
    {
        var known = current is null ? [] : parts(current);
        var values = known.ToDictionary(part => part.Id, part => JsonNode.Parse(rows.Difference(null, part, FrozenSet<string>.Empty).New!)!.AsObject());
        var settled = new HashSet<Guid>();
        await using (var history = source.CreateCommand(SelectHistory))
        {
            history.Parameters.Add(Sql.Text(rows.Table));
            history.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, known.Select(part => part.Id).ToArray()));
            history.Parameters.Add(Sql.Array(NpgsqlDbType.TimestampTz, later.ToArray()));
            history.Parameters.Add(Sql.Text(parent));
            history.Parameters.Add(Sql.Text(then.Id.ToString()));
            await using var entry = await history.ExecuteReaderAsync(cancellation);
            while (await entry.ReadAsync(cancellation))
            {
                var (id, version) = (entry.GetGuid(0), entry.GetInt64(3));
                if (version > then.Version)
                {
                    Undo(values, id, entry.GetString(1), entry.Optional<string>(2));
                }
                else if (settled.Add(id) && values.TryGetValue(id, out var row))
                {
                    // The change before: its version and time are the row's.
                    row["version"] = version;
                    row["updated_at"] = entry.GetFieldValue<DateTimeOffset>(4);
                }
            }
        }

        await using var select = source.CreateCommand(_selectOfJson);
        select.Parameters.Add(Sql.Jsonb(new JsonArray([.. values.Values]).ToJsonString()));
        await using var read = await select.ExecuteReaderAsync(cancellation);
        return (await ReadAsync([then], read, cancellation))[0];
    }

    private static void Undo(Dictionary<Guid, JsonObject> values, Guid id, string action, string? old)
    {
        switch (action)
        {
            case "CREATE":
                values.Remove(id);
                break;
            case "DELETE":
                values[id] = JsonNode.Parse(old!)!.AsObject();
                break;
            case var _ when values.TryGetValue(id, out var row):
                AuditEntry.Undo(row, old!);
                break;
        }
    }

    internal override IEnumerable<(RowWrite Row, AuditRow Audit)> Between(
        TState? before, TState? after, long version, string? summary, CommandContext context, DateTimeOffset now)
    {
        var old = before is null ? [] : parts(before).ToDictionary(part => part.Id);
        var @new = after is null ? [] : parts(after).ToDictionary(part => part.Id);
        foreach (var part in old.Values.Where(part => !@new.ContainsKey(part.Id)))
        {
            yield return (Write(RowOperation.Delete, part), Audit(part, null));
        }

        foreach (var part in @new.Values)
        {
            if (!old.TryGetValue(part.Id, out var was))
            {
                yield return (Write(RowOperation.Insert, part), Audit(null, part));
            }
            else if (!rows.Same(was, part))
            {
                yield return (Write(RowOperation.Update, part), Audit(was, part));
            }
        }

        RowWrite Write(RowOperation operation, TPart part) => new(rows, operation, context.CommandId, part, 0);

        AuditRow Audit(TPart? was, TPart? part)
        {
            var id = (part ?? was)!.Id;
            return new(
                NameBasedId.Of($"{context.CommandId}/{rows.Table}/{id}"),
                AuditEntry.Between(rows, id, was, part, version, statusChanged: false, summary, context, now),
                context);
        }
    }
}
