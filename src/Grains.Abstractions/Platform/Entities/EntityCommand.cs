namespace ChargeCars.Platform.Entities;

/// <summary>
/// What can be asked of an entity. The frame carries out <see cref="Create{TState,TDetails}"/>, <see cref="Revise{TState,TDetails}"/>
/// and <see cref="Delete{TState}"/>; an entity's own commands derive from this and carry an alias, by which a command that is
/// due later is stored.
/// </summary>
/// <typeparam name="TState">The entity's state.</typeparam>
[GenerateSerializer, Immutable, Alias("entity.command`1")]
public abstract record EntityCommand<TState>;

/// <summary>Makes the entity. Its id is the grain's key.</summary>
/// <typeparam name="TState">The entity's state.</typeparam>
/// <typeparam name="TDetails">What an editor may set.</typeparam>
/// <param name="Details">All that an editor sets.</param>
[GenerateSerializer, Immutable, Alias("entity.create`2")]
public sealed record Create<TState, TDetails>(TDetails Details) : EntityCommand<TState>;

/// <summary>Replaces what an editor may set, and nothing else.</summary>
/// <typeparam name="TState">The entity's state.</typeparam>
/// <typeparam name="TDetails">What an editor may set.</typeparam>
/// <param name="Details">All that an editor sets, as it is to be.</param>
[GenerateSerializer, Immutable, Alias("entity.revise`2")]
public sealed record Revise<TState, TDetails>(TDetails Details) : EntityCommand<TState>;

/// <summary>Deletes the row. Its past stays in the audit.</summary>
/// <typeparam name="TState">The entity's state.</typeparam>
[GenerateSerializer, Immutable, Alias("entity.delete`1")]
public sealed record Delete<TState> : EntityCommand<TState>;
