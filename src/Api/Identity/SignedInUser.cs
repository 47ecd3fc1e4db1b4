using System.Collections.Frozen;
using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Identity.Roles;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>An account with its contact and what its role and scopes allow.</summary>
internal sealed record SignedInUser(Guid Id, Guid ContactId, string Email, string FirstName, string LastName, string Role, Caller Caller)
{
    // The vans of whoever may see only their own: what the own teams drive today, and what the open visits of those teams
    // or of the person itself name.
    private const string OwnVehicles = """
        CASE WHEN r.permissions -> 'data_filters' ->> 'user_scope' IN ('own', 'team') THEN ARRAY(
            SELECT t.vehicle_id FROM team_member m JOIN team t ON t.id = m.team_id
            WHERE m.contact_id = c.id AND m.valid_from <= $1 AND coalesce(m.valid_to >= $1, true) AND t.vehicle_id IS NOT NULL
            UNION
            SELECT v.vehicle_id FROM visit v
            WHERE v.vehicle_id IS NOT NULL AND v.status NOT IN ('completed', 'incomplete', 'no_show', 'cancelled')
              AND (v.team_id IN (SELECT m.team_id FROM team_member m
                    WHERE m.contact_id = c.id AND m.valid_from <= $1 AND coalesce(m.valid_to >= $1, true))
                OR v.id IN (SELECT a.visit_id FROM visit_assignee a WHERE a.contact_id = c.id)))
        END
        """;

    /// <summary>Those who may sign in on the business day <c>$1</c>: none of a closed account or role. The account is <c>u</c>, its contact <c>c</c>.</summary>
    public const string SelectAll = $"""
        SELECT u.id, u.contact_id, c.email, c.first_name, c.last_name, r.role_name, r.permissions::text, u.user_organization_id, r.id,
            u.scopes, {OwnVehicles}
        FROM user_account u JOIN contact c ON c.id = u.contact_id JOIN user_role r ON r.id = u.role_id
        WHERE u.is_active AND r.is_active
        """;

    /// <summary>One of them, by the account's id, <c>$2</c>.</summary>
    public const string Select = $"{SelectAll} AND u.id = $2";

    public static SignedInUser Read(NpgsqlDataReader row)
    {
        var (id, contactId, email, role) = (row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(5));
        var scopes = row.Optional<string[]>(9)?.Select(WireText.Parse<AccountScope>) ?? [];
        var grants = RoleGrants.Of(row.Optional<string>(6), scopes);
        var (partnerOnly, organization) = (grants.OrganizationScope == OrganizationScope.Partner, row.OptionalValue<Guid>(7));
        // A partner's role without a partner would see everybody's: it gets nothing until somebody names the partner.
        if (partnerOnly && organization is null)
        {
            grants = RoleGrants.None;
        }

        return new(id, contactId, email, row.GetString(3), row.GetString(4), role,
            new(new(ActorKind.User, id, email, contactId), grants.Permissions, grants.BusinessEntities)
            {
                PartnerOrganizationId = partnerOnly ? organization : null,
                RoleId = row.GetGuid(8),
                Vehicles = grants.UserScope == UserScope.All ? null : row.Optional<Guid[]>(10)?.ToFrozenSet() ?? [],
            });
    }
}
