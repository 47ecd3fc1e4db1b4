using ChargeCars.Platform.Entities;

namespace ChargeCars.Telephony.Agents;

/// <summary>One agent. Its key follows from Aircall's id of them, so whichever event comes first makes the row.</summary>
internal sealed class AgentGrain(EntityStore<AgentPresence, AgentKind> store, TimeProvider time)
    : EntityGrain<AgentPresence, AgentKind>(store, time), IEntityGrain<AgentPresence>
{
    public Task<Result<AgentPresence>> GetAsync() => Task.FromResult(State is { } known ? known : (Result<AgentPresence>)Missing);

    public Task<Result<ActionOption[]>> GetActionsAsync() => Task.FromResult(State is null ? (Result<ActionOption[]>)Missing : Array.Empty<ActionOption>());

    public async Task<Result<AgentPresence>> ExecuteAsync(EntityCommand<AgentPresence> command, CommandContext context) =>
        command is not TakeAgentEvent { Event: var said } ? throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of an agent.")
        : AgentKind.IdOf(said.Agent.Id) != Id ? Invalid.Field("agentId", $"must be that of {Id}")
        : (await HandleAsync((state, now) => Take(state, said, now), command, context)).Map(replay => replay.State!);

    private Outcome<AgentPresence> Take(AgentPresence? state, AgentEvent said, DateTimeOffset now)
    {
        var after = PresenceMerge.Apply(state ?? new() { Id = Id, CreatedAt = now, AgentId = said.Agent.Id }, said);
        return Outcome.Of(after, state is null ? "created" : "updated");
    }
}
