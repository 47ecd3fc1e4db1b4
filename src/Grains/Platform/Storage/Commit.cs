using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Platform.Storage;

/// <summary>
/// One command's writes. Its rows change only if the version is the expected one; whatever does change says so in a setting of the
/// transaction, and all else that belongs to the command (audit, history, changes, what is due) follows for the whole group, for
/// the commands that are named there (see <see cref="GroupStatements"/>). So a stale command neither fails nor fakes another's.
/// </summary>
public abstract class Commit(Guid entityId, Guid commandId)
{
    // The setting, of one transaction, that holds the ids of the commands that took effect.
    private const string Setting = "chargecars.applied";

    private const string Said = $"coalesce(current_setting('{Setting}', true), '')";

    /// <summary>Whose row it is: one command of an entity in a group, and one writer an entity.</summary>
    public Guid EntityId { get; } = entityId;

    /// <summary>The command's id, and its audit row's.</summary>
    public Guid CommandId { get; } = commandId;

    /// <summary>The change of status, where there is one.</summary>
    public StatusTransition? Transition { get; init; }

    /// <summary>The deadline of the entity's status from now on; null leaves it as it is.</summary>
    public Deadline? Deadline { get; init; }

    /// <summary>Whose the entity is to see to from now on; null leaves it as it is.</summary>
    public StatusAssignment? Assignment { get; init; }

    /// <summary>The entity's table; needed with <see cref="Deadline"/> and <see cref="Assignment"/>.</summary>
    public string? EntityType { get; init; }

    /// <summary>What screens and other systems are told.</summary>
    public IReadOnlyList<NewChange> Changes { get; init; } = [];

    /// <summary>What others must do because of it.</summary>
    public IReadOnlyList<NewDueCommand> Due { get; init; } = [];

    /// <summary>The keys of what is not to be done any more.</summary>
    public IReadOnlyList<string> Withdrawn { get; init; } = [];

    /// <summary>The rows of entities and of their parts.</summary>
    internal IReadOnlyList<RowWrite> Rows { get; init; } = [];

    /// <summary>The rows of the audit; none where <see cref="Statement"/> writes its own.</summary>
    internal IReadOnlyList<AuditRow> Audits { get; init; } = [];

    /// <summary>What it changes of what the entity and its parts are found by; none where it changes nothing of it.</summary>
    internal IReadOnlyList<SearchRow> Search { get; init; } = [];

    /// <summary>A statement of its own; null where <see cref="Rows"/> say all.</summary>
    internal NpgsqlBatchCommand? Statement { get; private protected set; }

    /// <summary>An expression that says, where it is evaluated, that the command in the parameter, such as <c>$1</c>, took effect.</summary>
    internal static string SayApplied(string parameter) => $"set_config('{Setting}', {Said} || ' ' || {parameter}::uuid::text, true)";

    /// <summary>The same for an array of commands, which may be null.</summary>
    internal static string SayAllApplied(string array) => $"set_config('{Setting}', {Said} || coalesce(' ' || array_to_string({array}, ' '), ''), true)";

    /// <summary>A condition: the command took effect in this transaction.</summary>
    internal static string IsApplied(string command) => $"{command} IN (SELECT unnest(string_to_array(btrim({Said}), ' ')::uuid[]))";

    /// <summary>
    /// To be called before the statement is executed a second time. Npgsql's command keeps the name under which the first
    /// connection had prepared it; on another connection that name is another statement, or none.
    /// </summary>
    internal void Renew()
    {
        if (Statement is null)
        {
            return;
        }

        var fresh = new NpgsqlBatchCommand(Statement.CommandText);
        foreach (NpgsqlParameter parameter in Statement.Parameters)
        {
            fresh.Parameters.Add(parameter.Clone());
        }

        Statement = fresh;
    }

    /// <summary>Reads what <see cref="Statement"/> answered.</summary>
    internal virtual ValueTask ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>The rows' statements took effect.</summary>
    internal virtual void Apply()
    {
    }

    internal abstract void Complete();

    internal abstract void Fail(Exception exception);
}

/// <summary>A commit that answers its caller.</summary>
public abstract class Commit<T>(Guid entityId, Guid commandId) : Commit(entityId, commandId)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<T> Completion => _completion.Task;

    /// <summary>What the database said.</summary>
    private protected T? Answer { get; set; }

    internal override void Complete() => _completion.TrySetResult(Answer!);

    internal override void Fail(Exception exception) => _completion.TrySetException(exception);
}

/// <summary>A command on one entity: its row, its parts', their audit. Answers whether the row had the expected version.</summary>
public sealed class EntityCommit(Guid entityId, Guid commandId) : Commit<bool>(entityId, commandId)
{
    internal override void Apply() => Answer = true;
}

/// <summary>
/// A commit with a statement of its own, which writes its audit row too and says by <see cref="Commit.SayApplied"/> that it changed
/// something. What the program finds out by itself and nobody decided, such as a trip, leaves no audit row.
/// </summary>
/// <typeparam name="T">What its rows are read as.</typeparam>
public sealed class StatementCommit<T> : Commit<T>
{
    private readonly Func<NpgsqlDataReader, CancellationToken, ValueTask<T>> _read;

    /// <param name="entityId">Whose row it is.</param>
    /// <param name="commandId">The command's id.</param>
    /// <param name="statement">Answers at least an empty set of rows.</param>
    /// <param name="read">Reads the statement's rows; its value is the commit's answer.</param>
    public StatementCommit(
        Guid entityId, Guid commandId, NpgsqlBatchCommand statement, Func<NpgsqlDataReader, CancellationToken, ValueTask<T>> read)
        : base(entityId, commandId) => (Statement, _read) = (statement, read);

    internal override async ValueTask ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation) =>
        Answer = await _read(reader, cancellation);
}

/// <summary>A row of <c>status_transition</c>, which also moves <c>entity_current_status</c>.</summary>
public sealed record StatusTransition(
    Guid Id,
    string EntityType,
    string? From,
    string To,
    DateTimeOffset At,
    string? Reason,
    RawJson? BusinessContext,
    Guid? ContactId,
    string? System,
    bool IsMilestone);

/// <summary>A row of <c>change_event</c> before it has its sequence.</summary>
public sealed record NewChange(string Type, string EntityType, DateTimeOffset At, RawJson Actor, RawJson Data)
{
    /// <summary>The business entity that it belongs to, for scope; null where it belongs to none.</summary>
    public ChangeScope? Scope { get; init; }

    /// <summary>What was changed, where one command changes several; null for the commit's own entity.</summary>
    public Guid? EntityId { get; init; }
}

/// <summary>More commands wait than the queue may hold; nothing was written.</summary>
public sealed class OverloadedException(string message) : Exception(message);
