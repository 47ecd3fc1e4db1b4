using ChargeCars.Platform.Entities;

namespace ChargeCars.Conversations.Tracking;

/// <summary>One customer's link: one grain, so that nobody is told twice.</summary>
internal sealed class TrackingGrain(EntityStore<TrackingLink, TrackingKind> store, TimeProvider time)
    : EntityGrain<TrackingLink, TrackingKind>(store, time), IEntityGrain<TrackingLink>
{
    public Task<Result<TrackingLink>> GetAsync() => Task.FromResult(State is { } known ? known : (Result<TrackingLink>)Missing);

    public Task<Result<ActionOption[]>> GetActionsAsync() => Task.FromResult(State is null ? (Result<ActionOption[]>)Missing : Array.Empty<ActionOption>());

    public async Task<Result<TrackingLink>> ExecuteAsync(EntityCommand<TrackingLink> command, CommandContext context) =>
        command is not TrackingCommand about ? throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command about a customer's link.")
        : (await HandleAsync((state, now) => TrackingDecider.Decide(Id, state, about, now), command, context)).Map(replay => replay.State!);
}
