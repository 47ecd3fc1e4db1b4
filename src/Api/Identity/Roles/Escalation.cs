using ChargeCars.Identity.Accounts;
using ChargeCars.Identity.Roles;

namespace ChargeCars.Api.Identity.Roles;

/// <summary>Nobody gives what they lack: the one rule for whoever writes roles or gives them to accounts.</summary>
internal static class Escalation
{
    /// <summary>What a role, with an account's scopes, could do or see that its giver can't; empty where nothing.</summary>
    public static List<string> Beyond(Caller author, RoleGrants grants)
    {
        var beyond = grants.Permissions.Where(permission => !author.Permissions.Contains(permission)).Order(StringComparer.Ordinal)
            .Select(permission => $"you do not have {permission} yourself").ToList();
        if (author.BusinessEntities is { } mine && !(grants.BusinessEntities?.IsSubsetOf(mine) ?? false))
        {
            beyond.Add("it sees business entities that you do not see yourself");
        }

        if (author.PartnerOrganizationId is not null && grants.OrganizationScope != OrganizationScope.Partner)
        {
            beyond.Add("it sees more than one organization, as you do not");
        }

        if (author.Vehicles is not null && grants.UserScope != UserScope.Own)
        {
            beyond.Add("it sees others' work, as you do not");
        }

        return beyond;
    }

    /// <inheritdoc cref="Beyond(Caller, RoleGrants)"/>
    public static List<string> Beyond(Caller author, RoleDetails role, IEnumerable<AccountScope> scopes) =>
        Beyond(author, RoleGrants.Of(role.Permissions?.Text, scopes));
}
