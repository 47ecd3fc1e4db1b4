namespace ChargeCars.Platform.Entities;

/// <summary>One entity: its row, and every change of it. Key: the row's id.</summary>
/// <typeparam name="TState">The entity's state.</typeparam>
[Alias("ChargeCars.IEntityGrain`1")]
public interface IEntityGrain<TState> : IGrainWithGuidKey
{
    /// <summary>The entity as last committed; <see cref="NotFound"/> where there is none.</summary>
    [Alias("get")]
    Task<Result<TState>> GetAsync();

    /// <summary>
    /// Decides, commits, then answers with the entity after the command; after a deletion with the entity as it was. Refuses with
    /// <see cref="NotFound"/>, <see cref="Invalid"/>, <see cref="StaleVersion"/>, <see cref="TransitionRefused"/>,
    /// <see cref="Conflict"/> or <see cref="TryAgain"/>.
    /// </summary>
    [Alias("execute")]
    Task<Result<TState>> ExecuteAsync(EntityCommand<TState> command, CommandContext context);

    /// <summary>Every action of the entity's transition table, and what stands in the way of each; empty for an entity without a status.</summary>
    [Alias("actions")]
    Task<Result<ActionOption[]>> GetActionsAsync();
}
