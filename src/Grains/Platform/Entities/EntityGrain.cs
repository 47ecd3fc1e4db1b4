using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Platform.Entities;

/// <summary>
/// The thin shell every entity's grain is: decide, commit with the expected version, answer. It holds no rule of its own; those are
/// the decider's. Publishing is the commit's, a group at a time (docs/adr/0004).
/// </summary>
public abstract class EntityGrain<TState, TKind>(EntityStore<TState, TKind> store, TimeProvider time) : Grain, IGrainWithGuidKey
    where TState : class, IEntityState, new()
    where TKind : IEntityTable<TState>
{
    /// <summary>The entity as last committed; null while there is none.</summary>
    protected TState? State { get; private set; }

    /// <summary>The clock of all decisions.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>The key: the entity's id.</summary>
    protected Guid Id => this.GetPrimaryKey();

    /// <summary>The one answer for what there is not, whether it never was or may not be seen.</summary>
    protected NotFound Missing => new(TKind.Rows.Table, Id.ToString());

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken) => State = await LoadAsync(cancellationToken);

    /// <summary>The entity as its rows have it; null where there is none. A grain that reads more when it wakes may read both at once.</summary>
    protected virtual Task<TState?> LoadAsync(CancellationToken cancellation) => store.LoadAsync(Id, cancellation);

    /// <summary>Carries out a command.</summary>
    /// <param name="decide">The decider, on the state and the time (UTC). Pure.</param>
    /// <param name="command">The command, whose name the audit gets where nobody gave a reason.</param>
    /// <param name="context">Who asks, by which id, on which version.</param>
    /// <returns>The state after the command; null after a deletion.</returns>
    protected async Task<Result<Replay<TState>>> HandleAsync(
        Func<TState?, DateTimeOffset, Result<Outcome<TState>>> decide, object command, CommandContext context)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await DecideAndCommitAsync(decide, CommandName.Of(command), context);
            }
            catch (PostgresException deadlock) when (attempt == 0 && deadlock.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                // Two that want the same, such as an hour of a van, may meet so. The other one has it now, and the constraint says so.
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
    }

    private async Task<Result<Replay<TState>>> DecideAndCommitAsync(
        Func<TState?, DateTimeOffset, Result<Outcome<TState>>> decide, string name, CommandContext context)
    {
        // To the microsecond, as PostgreSQL keeps it: the answer now and a read tomorrow say the same.
        var now = Time.StoredNow();
        var before = State;
        var decision = before is not null && !context.Expects(before.Version)
            ? new StaleVersion(context.ExpectedVersion!.Value, before.Version)
            : decide(before, now);
        if (!decision.Succeeded)
        {
            return (context.MayRepeat ? await ReplayAsync(context) : null)
                ?? (decision.Error is StaleVersion stale ? stale with { Changes = await store.ChangesSinceAsync(Id, stale.Expected, CancellationToken.None) } : decision.Error);
        }

        var outcome = decision.Value;
        if (before is not null && outcome.ChangesNothing<TState, TKind>(before))
        {
            return new Replay<TState>(before);
        }

        try
        {
            var (applied, after) = await store.CommitAsync(before, outcome, name, context, now);
            if (applied)
            {
                State = after;
                return new Replay<TState>(after);
            }
        }
        catch (PostgresException violation) when (violation.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            if (violation.ConstraintName != "audit_log_pkey"
                && (TKind.Explain(violation, outcome.After) ?? Violations.Explain(violation, TKind.Rows, outcome.After)) is { } refusal)
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
