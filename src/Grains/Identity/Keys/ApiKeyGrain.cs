using ChargeCars.Platform.Entities;

namespace ChargeCars.Identity.Keys;

/// <summary>A key's changes, which are few; who has a key is looked up past it, in each node's memory.</summary>
internal sealed class ApiKeyGrain(EntityStore<ApiKey, ApiKeyTable> store, TimeProvider time) : EntityGrain<ApiKey, ApiKeyTable>(store, time), IEntityGrain<ApiKey>
{
    public Task<Result<ApiKey>> GetAsync() => Task.FromResult(State is { } key ? key : (Result<ApiKey>)Missing);

    public async Task<Result<ApiKey>> ExecuteAsync(EntityCommand<ApiKey> command, CommandContext context) =>
        (await HandleAsync((key, now) => ApiKeyDecider.Decide(Id, key, command, now), command, context)).Map(replay => replay.State!);

    public Task<Result<ActionOption[]>> GetActionsAsync() => Task.FromResult((Result<ActionOption[]>)Array.Empty<ActionOption>());
}
