using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Platform.Entities;

/// <summary>Loads and commits one kind of entity; one command is one transaction.</summary>
public sealed class EntityStore<TState, TKind>(NpgsqlDataSource source, GroupCommit commits)
    where TState : class, IEntityState, new()
    where TKind : IEntityTable<TState>
{
    private const int MostChanges = 20;

    private static readonly string Prefix = TKind.ChangePrefix.Length > 0 ? TKind.ChangePrefix : TKind.Rows.Table;

    /// <summary>The entity by its row and its parts' rows, in one round trip; null where there is none. Throws <see cref="NpgsqlException"/> where the database does not answer.</summary>
    public async Task<TState?> LoadAsync(Guid id, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new(TKind.Rows.SelectOne) { Parameters = { Sql.Uuid(id) } });
        foreach (var part in TKind.Parts)
        {
            batch.BatchCommands.Add(part.Select([id]));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
        {
            return null;
        }

        IReadOnlyList<TState> state = [TKind.Rows.Read(reader)];
        foreach (var part in TKind.Parts)
        {
            await reader.NextResultAsync(cancellation);
            state = await part.ReadAsync(state, reader, cancellation);
        }

        return state[0];
    }

    /// <summary>
    /// Commits what a command decided, and answers the state as it was committed; null after a deletion. <c>Applied</c> is false
    /// where the row's version was not <paramref name="before"/>'s: then nothing was written.
    /// </summary>
    /// <param name="before">The state that it was decided on; null where there was none.</param>
    /// <param name="outcome">What was decided.</param>
    /// <param name="commandName">The command's own name, for the audit where nobody gave a reason.</param>
    /// <param name="context">Who, and by which id.</param>
    /// <param name="now">When, UTC.</param>
    public async Task<(bool Applied, TState? After)> CommitAsync(
        TState? before, Outcome<TState> outcome, string commandName, CommandContext context, DateTimeOffset now)
    {
        var (commit, after) = Prepare(before, outcome, commandName, context, now);
        return (await commits.CommitAsync(commit), after);
    }

    /// <summary>The commit of a decision, and the state as it will be after it.</summary>
    internal static (EntityCommit Commit, TState? After) Prepare(
        TState? before, Outcome<TState> outcome, string commandName, CommandContext context, DateTimeOffset now)
    {
        var version = (before?.Version ?? 0) + 1;
        var after = outcome.After is { } decided ? Stamped(before, decided, version, now) : null;
        var id = (after ?? before ?? throw new InvalidOperationException("A command that neither finds nor leaves an entity has nothing to commit.")).Id;
        var summary = outcome.Summary ?? outcome.Moved?.Reason ?? commandName;
        var row = (before, after) switch
        {
            (null, _) => new RowWrite(TKind.Rows, RowOperation.Insert, context.CommandId, after!, 0),
            (_, null) => new RowWrite(TKind.Rows, RowOperation.Delete, context.CommandId, before, before.Version),
            _ => new RowWrite(TKind.Rows, RowOperation.Update, context.CommandId, after, before.Version),
        };
        var audit = AuditEntry.Between(TKind.Rows, id, before, after, version, outcome.Moved is not null && before is not null, summary, context, now);
        var parts = TKind.Parts.SelectMany(part => part.Between(before, after, version, summary, context, now))
            .Concat(outcome.Parts.Select(part => part.Write(version, summary, context, now))).ToList();
        var commit = new EntityCommit(id, context.CommandId)
        {
            // The entity's deletion takes its parts with it (ON DELETE CASCADE); their audit is written all the same.
            Rows = after is null ? [row] : [row, .. parts.Select(part => part.Row)],
            Audits = [new(context.CommandId, audit, context), .. parts.Select(part => part.Audit)],
            Transition = outcome.Moved is { } moved ? Transition(moved, context, now) : null,
            Deadline = outcome.Deadline,
            Assignment = Assigned(before, after),
            Search = Found(SearchRow.Between<TState, TKind>(before, after, id, version, context.CommandId), outcome, version, context),
            EntityType = TKind.Rows.Table,
            Changes = [.. ChangesOf(before, after, outcome, context, now)],
            Due = [.. outcome.Then.Select((due, ordinal) => NewDueCommand.Of(due, ordinal, TKind.Rows.Table, id, context, now))],
            Withdrawn = [.. outcome.Withdrawn, .. outcome.Then.Where(due => due.Key is not null).Select(due => due.Key!)],
        };
        return (commit, after);
    }

    /// <summary>What the entity and those of its parts that are rows of their own are found by.</summary>
    private static IReadOnlyList<SearchRow> Found(SearchRow? own, Outcome<TState> outcome, long version, CommandContext context) =>
        outcome.Parts.Count > 0 ? [.. outcome.Parts.Select(part => part.Find(version, context)).Prepend(own).OfType<SearchRow>()]
        : own is not null ? [own]
        : [];

    private static StatusAssignment? Assigned(TState? before, TState? after) =>
        after is not null && TKind.AssignmentOf(after) is { } assigned
        && assigned != (before is null ? new StatusAssignment(null, null) : TKind.AssignmentOf(before)) ? assigned : null;

    /// <summary>
    /// What a command that was committed before answered: the entity and its parts at the version that it made, out of the audit.
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

        if (found.GetString(0) != TKind.Rows.Table || found.GetGuid(1) != id)
        {
            return new Conflict("command_id_used", $"The command {commandId} was used for {found.GetString(0)} {found.GetGuid(1)} already.");
        }

        var version = found.GetInt64(2);
        return found.GetString(3) == "DELETE" ? new Replay<TState>(null)
            : current?.Version == version ? new Replay<TState>(current)
            : new Replay<TState>(await RewindAsync(id, version, found.GetFieldValue<DateTimeOffset>(4), current, cancellation));
    }

    /// <summary>
    /// What was changed after a version, for whoever decided on it: the newest first, at most <see cref="MostChanges"/>. None for a version
    /// that never was.
    /// </summary>
    internal async Task<IReadOnlyList<ChangeSince>> ChangesSinceAsync(Guid id, long version, CancellationToken cancellation)
    {
        const string Since = """
            SELECT (business_context->>'version')::bigint, business_context->'actor', created_at, change_summary,
                ARRAY(SELECT jsonb_object_keys(CASE jsonb_typeof(new_values) WHEN 'object' THEN new_values ELSE '{}' END))
            FROM audit_log WHERE table_name = $1 AND record_id = $2 AND (business_context->>'version')::bigint > $3 AND $3 > 0
            ORDER BY (business_context->>'version')::bigint DESC LIMIT $4
            """;
        await using var select = source.CreateCommand(Since);
        select.Parameters.Add(Sql.Text(TKind.Rows.Table));
        select.Parameters.Add(Sql.Uuid(id));
        select.Parameters.Add(Sql.Bigint(version));
        select.Parameters.Add(Sql.Integer(MostChanges));
        await using var row = await select.ExecuteReaderAsync(cancellation);
        var changes = new List<ChangeSince>();
        while (await row.ReadAsync(cancellation))
        {
            var actor = row.Optional<string>(1) is { } json ? JsonSerializer.Deserialize<Actor>(json, RowJson.Options) : null;
            changes.Add(new(
                row.GetInt64(0), actor, row.GetFieldValue<DateTimeOffset>(2), row.Optional<string>(3),
                [.. row.GetFieldValue<string[]>(4).Select(ClientName).Order(StringComparer.Ordinal)]));
        }

        return changes;
    }

    // Rows keep the columns' names; clients know them in camelCase.
    private static string ClientName(string column) =>
        string.Concat(column.Split('_').Select((word, i) => i == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    private static TState Stamped(TState? before, TState after, long version, DateTimeOffset now) =>
        TKind.Parts.Aggregate(TKind.Rows.Stamped(after, version, now), (state, part) => part.Stamped(before, state, version, now));

    private static StatusTransition Transition(StatusMove moved, CommandContext context, DateTimeOffset now) => new(
        Guid.CreateVersion7(now), TKind.Rows.Table, moved.From, moved.To, now, moved.Reason,
        moved.Context is { } said ? RowJson.ForRow(said) : null,
        context.Actor.ContactId, context.Actor.ContactId is null ? context.Actor.Name : null, moved.IsMilestone);

    private static IEnumerable<NewChange> ChangesOf(
        TState? before, TState? after, Outcome<TState> outcome, CommandContext context, DateTimeOffset now)
    {
        var (actor, scope) = (RowJson.ForClient(context.Actor), TKind.ScopeOf((after ?? before)!));
        if (outcome.Moved is { From: { } from, HasOwnName: false } moved)
        {
            yield return New("status_changed", StatusChanged(after!, from, moved));
        }

        foreach (var announced in outcome.Announced)
        {
            yield return New(announced.Name, RowJson.ForClient(
                after is null ? TKind.Label(before!) : announced.Data is { } data ? data(after) : TKind.Told(after)));
        }

        NewChange New(string name, RawJson data) => new($"{Prefix}.{name}", TKind.Rows.Table, now, actor, data) { Scope = scope };
    }

    private static RawJson StatusChanged(TState after, string from, StatusMove moved)
    {
        var data = JsonSerializer.SerializeToNode(TKind.Label(after), RowJson.Client)!.AsObject();
        data["from"] = from;
        data["to"] = moved.To;
        data["reason"] = moved.Reason;
        data["version"] = after.Version;
        if (moved.Context is { } context)
        {
            foreach (var (name, value) in JsonSerializer.SerializeToNode(context, RowJson.Client)!.AsObject())
            {
                data[name] = value?.DeepClone();
            }
        }

        return new(data.ToJsonString());
    }

    private async Task<TState> RewindAsync(Guid id, long version, DateTimeOffset at, TState? current, CancellationToken cancellation)
    {
        const string Later = """
            SELECT old_values, created_at FROM audit_log
            WHERE table_name = $1 AND record_id = $2 AND (business_context->>'version')::bigint > $3
            ORDER BY (business_context->>'version')::bigint DESC
            """;
        var row = current is null ? [] : RowJson.ToObject(current);
        var times = new List<DateTimeOffset>();
        await using (var later = source.CreateCommand(Later))
        {
            later.Parameters.Add(Sql.Text(TKind.Rows.Table));
            later.Parameters.Add(Sql.Uuid(id));
            later.Parameters.Add(Sql.Bigint(version));
            await using var entries = await later.ExecuteReaderAsync(cancellation);
            while (await entries.ReadAsync(cancellation))
            {
                times.Add(entries.GetFieldValue<DateTimeOffset>(1));
                AuditEntry.Undo(row, entries.GetString(0));
            }
        }

        var then = TKind.Rows.Stamped(row.Deserialize<TState>(RowJson.Options)!, version, at);
        foreach (var part in TKind.Parts)
        {
            then = await part.RewoundAsync(source, then, current, times, cancellation);
        }

        return then;
    }
}

/// <summary>A command's answer, given again; null after a deletion.</summary>
public sealed record Replay<TState>(TState? State) where TState : class;
