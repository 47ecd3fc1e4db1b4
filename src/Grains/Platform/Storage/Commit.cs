using ChargeCars.Platform.Changes;
using Npgsql;

namespace ChargeCars.Platform.Storage;

/// <summary>
/// One command's writes. Its statement changes the entity's row only if the version is the expected one, and inserts the
/// audit row in the same breath; what else belongs to the command follows for the whole group, for those whose audit row
/// is there (see <see cref="GroupStatements"/>). What the program finds out by itself and nobody decided, such as a trip,
/// leaves no audit row: its statement says by <see cref="SayApplied"/> that it changed something.
/// </summary>
public abstract class Commit(Guid entityId, Guid commandId, NpgsqlBatchCommand statement)
{
    /// <summary>Whose row it is: one command of an entity in a group, and one writer an entity.</summary>
    public Guid EntityId { get; } = entityId;

    /// <summary>The command's id, and its audit row's.</summary>
    public Guid CommandId { get; } = commandId;

    /// <summary>The setting, of one transaction, that holds the ids of the commits without audit that were applied.</summary>
    internal const string Setting = "chargecars.applied";

    /// <summary>An expression that says, where it is evaluated, that the commit whose id is <c>$1</c> was applied.</summary>
    internal const string SayApplied =
        $"set_config('{Setting}', coalesce(current_setting('{Setting}', true), '') || ' ' || $1::uuid::text, true)";

    /// <summary>Whether it leaves an audit row; true for every command.</summary>
    public bool IsAudited { get; init; } = true;

    /// <summary>
    /// Must insert the audit row <see cref="CommandId"/>, or say that it was applied, if and only if it changed something.
    /// </summary>
    public NpgsqlBatchCommand Statement { get; private set; } = statement;

    /// <summary>The change of status, where there is one.</summary>
    public StatusTransition? Transition { get; init; }

    /// <summary>What screens and other systems are told.</summary>
    public IReadOnlyList<NewChange> Changes { get; init; } = [];

    /// <summary>
    /// To be called before the statement is executed a second time. Npgsql's command keeps the name under which the first
    /// connection had prepared it; on another connection that name is another statement, or none.
    /// </summary>
    internal void Renew()
    {
        var fresh = new NpgsqlBatchCommand(Statement.CommandText);
        foreach (NpgsqlParameter parameter in Statement.Parameters)
        {
            fresh.Parameters.Add(parameter.Clone());
        }

        Statement = fresh;
    }

    internal abstract ValueTask ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation);

    internal abstract void Complete();

    internal abstract void Fail(Exception exception);
}

/// <inheritdoc/>
/// <param name="entityId"></param>
/// <param name="commandId"></param>
/// <param name="statement"></param>
/// <param name="read">Reads the statement's rows; its value is the commit's answer.</param>
public sealed class Commit<T>(
    Guid entityId, Guid commandId, NpgsqlBatchCommand statement, Func<NpgsqlDataReader, CancellationToken, ValueTask<T>> read)
    : Commit(entityId, commandId, statement)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;

    internal Task<T> Completion => _completion.Task;

    internal override async ValueTask ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation) =>
        _answer = await read(reader, cancellation);

    internal override void Complete() => _completion.TrySetResult(_answer!);

    internal override void Fail(Exception exception) => _completion.TrySetException(exception);
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
