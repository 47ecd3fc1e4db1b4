namespace ChargeCars.Platform.Entities;

/// <summary>
/// The grain of an entity of the standard shape. It decides what is the same for all: exists, not found, stale, nothing changed;
/// the rest is its kind's. A kind's own grain is one line, so that Orleans finds it.
/// </summary>
public abstract class StandardGrain<TState, TDetails, TKind>(EntityStore<TState, TKind> store, TimeProvider time)
    : EntityGrain<TState, TKind>(store, time), IEntityGrain<TState>
    where TState : class, TDetails, IEntityState, new()
    where TDetails : class
    where TKind : IEntityKind<TState, TDetails>
{
    /// <inheritdoc/>
    public virtual Task<Result<TState>> GetAsync() => Task.FromResult(State is { } state ? state : (Result<TState>)Missing);

    /// <inheritdoc/>
    public Task<Result<ActionOption[]>> GetActionsAsync() =>
        Task.FromResult(State is { } state ? TKind.Options(state, Time.GetUtcNow()) : (Result<ActionOption[]>)Missing);

    /// <inheritdoc/>
    public virtual async Task<Result<TState>> ExecuteAsync(EntityCommand<TState> command, CommandContext context)
    {
        var before = State;
        var outcome = await HandleAsync((state, now) => Decide(state, command, now), command, context);
        // A deletion that is asked for again after it has happened: the answer carries no more than its id.
        return outcome.Map(replay => replay.State ?? before ?? TKind.Rows.New(Id, default));
    }

    /// <summary>The decider's word; a grain that knows more than its state puts it in here. <paramref name="now"/> is UTC.</summary>
    protected virtual Result<Outcome<TState>> Decide(TState? state, EntityCommand<TState> command, DateTimeOffset now) =>
        StandardDecider.Decide<TState, TDetails, TKind>(Id, state, command, now);
}
