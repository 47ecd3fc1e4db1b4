using ChargeCars.Api.Identity.Sessions;

namespace ChargeCars.Api.Identity;

/// <summary>
/// Whether a caller who was let in some time ago would be let in now, with the same rights: for connections that outlive
/// the request that opened them. Out of this node's memory when that is fresh.
/// </summary>
internal sealed class CallerCheck(SessionDirectory sessions, UserDirectory users, ApiKeyDirectory keys)
{
    /// <summary>False once the session, account or key is over, or any right of theirs is another.</summary>
    public async ValueTask<bool> StandsAsync(Caller caller)
    {
        return caller.Actor switch
        {
            { Kind: ActorKind.User, Id: { } user } => caller.SessionId is { } session
                && await sessions.IsOpenAsync(session, user)
                && await users.FindAsync(user) is { } current && SameRights(current.Caller, caller),
            { Kind: ActorKind.Key, Id: { } key } => await keys.FindOpenAsync(key, caller.SecretHash) is { } current && SameRights(current, caller),
            _ => true,
        };
    }

    private static bool SameRights(Caller left, Caller right) =>
        left.Permissions.SetEquals(right.Permissions)
        && left.PartnerOrganizationId == right.PartnerOrganizationId
        && Same(left.BusinessEntities, right.BusinessEntities)
        && Same(left.Vehicles, right.Vehicles);

    private static bool Same<T>(IReadOnlySet<T>? left, IReadOnlySet<T>? right) => left is null ? right is null : right is not null && left.SetEquals(right);
}
