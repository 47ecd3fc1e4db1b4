namespace ChargeCars.Identity.Accounts;

/// <summary>What somebody's access rests on, as nodes keep it in memory.</summary>
public enum AccessKind
{
    /// <summary>A person's session.</summary>
    Session,

    /// <summary>An account.</summary>
    Account,

    /// <summary>A role, and so every account that has it.</summary>
    Role,

    /// <summary>An API key.</summary>
    ApiKey,

    /// <summary>A token by which the telephony system proves itself.</summary>
    TelephonyToken,
}

/// <summary>Something of somebody's access that was changed, and is committed.</summary>
/// <param name="Kind">What.</param>
/// <param name="Id">Which of them.</param>
[GenerateSerializer, Immutable, Alias("access-change")]
public sealed record AccessChange([property: Id(0)] AccessKind Kind, [property: Id(1)] Guid Id);

/// <summary>A node that lets callers in out of its memory.</summary>
[Alias("ChargeCars.IAccessNode")]
public interface IAccessNode : IGrainObserver
{
    /// <summary>Forgets what was changed: when this returns, the next request reads it from the database.</summary>
    [Alias("forget")]
    Task ForgetAsync(AccessChange[] changes);
}

/// <summary>
/// Where every API node can be told of a change of access and says that it knows, so that a revocation is answered when it
/// counts everywhere. One in the cluster, key 0. It keeps nothing: a node that it does not know is told so, and forgets all.
/// </summary>
[Alias("ChargeCars.IAccessBoardGrain")]
public interface IAccessBoardGrain : IGrainWithIntegerKey
{
    /// <summary>To be called every few seconds by each node.</summary>
    /// <returns>False where the node was not known: it may have missed changes.</returns>
    [Alias("join")]
    Task<bool> JoinAsync(IAccessNode node);

    /// <summary>Tells every node; returns when each knows, or has not answered within two seconds.</summary>
    [Alias("tell")]
    Task TellAsync(AccessChange[] changes);
}
