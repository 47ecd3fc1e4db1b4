using ChargeCars.Platform.Entities;

namespace ChargeCars.Telephony.Missed;

/// <summary>One caller who was missed: one grain, so that of two who claim at once one is told.</summary>
internal sealed class CallBackGrain(EntityStore<CallBack, CallBackKind> store, TimeProvider time)
    : EntityGrain<CallBack, CallBackKind>(store, time), IEntityGrain<CallBack>
{
    public Task<Result<CallBack>> GetAsync() => Task.FromResult(State is { } known ? known : (Result<CallBack>)Missing);

    public Task<Result<ActionOption[]>> GetActionsAsync() => Task.FromResult(State is null ? (Result<ActionOption[]>)Missing : Array.Empty<ActionOption>());

    public async Task<Result<CallBack>> ExecuteAsync(EntityCommand<CallBack> command, CommandContext context) =>
        command is not CallBackCommand about ? throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command about a caller.")
        : CallBackKind.IdOf(about.Caller) != Id ? Invalid.Field("caller", $"must be that of {Id}")
        : (await HandleAsync((state, now) => CallBackDecider.Decide(Id, state, about, now), command, context)).Map(replay => replay.State!);
}
