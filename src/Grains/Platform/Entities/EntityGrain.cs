using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Platform.Entities;

/// <summary>
/// The thin shell every entity's grain is: decide, commit with the expected version, evolve, answer. It holds no rule of
/// its own; those are the decider's. Publishing is the commit's, a group at a time (docs/adr/0004).
/// </summary>
public abstract class EntityGrain<TState, TCommand, TEvent, TTable>(EntityStore<TState, TTable> store, TimeProvider time) : Grain, IGrainWithGuidKey
    where TState : class, IEntityState<TState>
    where TTable : IEntityTable<TState>
{
    /// <summary>The entity as last committed; null while there is none.</summary>
    protected TState? State { get; private set; }

    /// <summary>The clock of all decisions.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>The key: the entity's id.</summary>
    protected Guid Id => this.GetPrimaryKey();

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken) => State = await store.LoadAsync(Id, cancellationToken);

    /// <summary>The decider's: what follows from the command, or why it is refused. Pure; <paramref name="now"/> is UTC.</summary>
    protected abstract Result<TEvent[]> Decide(TState? state, TCommand command, DateTimeOffset now);

    /// <summary>The decider's: the state after an event; null after a deletion. Pure.</summary>
    protected abstract TState? Evolve(TState? state, TEvent @event);

    /// <summary>What the events mean outside: the row of history, the changes. <paramref name="now"/> is UTC.</summary>
    protected abstract EntityNews Describe(TState? before, TState? after, IReadOnlyList<TEvent> events, CommandContext context, DateTimeOffset now);

    /// <summary>The state after the command; null after a deletion.</summary>
    protected async Task<Result<Replay<TState>>> HandleAsync(TCommand command, CommandContext context)
    {
        try
        {
            return await DecideAndCommitAsync(command, context);
        }
        catch (OverloadedException overload)
        {
            return new TryAgain(overload.Message);
        }
        catch (NpgsqlException fault) when (fault is not PostgresException { IsTransient: false })
        {
            // It may be committed or not: forget what we think we know, and let the caller ask again with the same id.
            DeactivateOnIdle();
            return new TryAgain("The database did not answer; whether the command took effect is unknown. Send it again with the same Idempotency-Key.");
        }
    }

    private async Task<Result<Replay<TState>>> DecideAndCommitAsync(TCommand command, CommandContext context)
    {
        // To the microsecond, as PostgreSQL keeps it: the answer now and a read tomorrow say the same.
        var exact = Time.GetUtcNow();
        var now = exact.AddTicks(-(exact.Ticks % TimeSpan.TicksPerMicrosecond));
        var decision = State is not null && context.ExpectedVersion is { } expected && expected != State.Version
            ? new StaleVersion(expected, State.Version)
            : Decide(State, command, now);
        if (!decision.Succeeded)
        {
            return (context.MayRepeat ? await ReplayAsync(context) : null) ?? decision.Error;
        }

        if (decision.Value.Length == 0)
        {
            return new Replay<TState>(State);
        }

        var before = State;
        var after = decision.Value.Aggregate(before, Evolve)?.Stamped((before?.Version ?? 0) + 1, now);
        try
        {
            var news = Describe(before, after, decision.Value, context, now);
            if (await store.CommitAsync(before, after, news with { Summary = news.Summary ?? CommandName.Of(command!) }, context, now))
            {
                State = after;
                return new Replay<TState>(after);
            }
        }
        catch (PostgresException violation) when (violation.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            if (violation.ConstraintName != "audit_log_pkey" && TTable.Explain(violation, after) is { } refusal)
            {
                return refusal;
            }

            if (await ReplayAsync(context) is not { } replay)
            {
                throw;
            }

            return replay;
        }

        return await ReplayAsync(context) ?? Fenced();
    }

    // The row has moved on without this activation: another one lives, or lived, elsewhere.
    private Result<Replay<TState>> Fenced()
    {
        DeactivateOnIdle();
        return new TryAgain("The entity was changed elsewhere at the same moment. Send the request again.");
    }

    private Task<Result<Replay<TState>>?> ReplayAsync(CommandContext context) =>
        store.ReplayAsync(Id, context.CommandId, State, CancellationToken.None);
}
