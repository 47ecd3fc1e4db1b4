using ChargeCars.Platform.Entities;

namespace ChargeCars.Alerts;

/// <summary>One alert: one grain for each type and thing, so that a fact that is told twice is raised once.</summary>
internal sealed class AlertGrain(EntityStore<Alert, AlertKind> store, TimeProvider time) : EntityGrain<Alert, AlertKind>(store, time), IEntityGrain<Alert>
{
    public Task<Result<Alert>> GetAsync() => Task.FromResult(State is { } known ? known : (Result<Alert>)Missing);

    public Task<Result<ActionOption[]>> GetActionsAsync() =>
        Task.FromResult(State is { } known ? AlertTransitions.Table.Options(known) : (Result<ActionOption[]>)Missing);

    public async Task<Result<Alert>> ExecuteAsync(EntityCommand<Alert> command, CommandContext context)
    {
        if (command is not AlertCommand about)
        {
            throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command about an alert.");
        }

        var before = State;
        var outcome = await HandleAsync((state, now) => AlertDecider.Decide(Id, state, about, now), command, context);
        if (outcome.Error is TryAgain)
        {
            // Another host's activation may know better.
            DeactivateOnIdle();
        }

        return outcome.Map(replay => replay.State ?? before ?? AlertKind.Rows.New(Id, default));
    }
}
