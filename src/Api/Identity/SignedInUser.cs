using System.Collections.Frozen;
using System.Text.Json;
using ChargeCars.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity;

/// <summary>An account with its contact and what its role allows.</summary>
internal sealed record SignedInUser(Guid Id, Guid ContactId, string Email, string FirstName, string LastName, string Role, Caller Caller)
{
    /// <summary>The columns that <see cref="Read"/> expects first.</summary>
    public const string Columns = """
        u.id, u.contact_id, c.email, c.first_name, c.last_name, r.role_name, r.is_active, r.permissions::text, u.user_organization_id
        """;

    /// <summary>How many columns those are.</summary>
    public const int ColumnCount = 9;

    public const string From = "FROM user_account u JOIN contact c ON c.id = u.contact_id JOIN user_role r ON r.id = u.role_id";

    public static SignedInUser Read(NpgsqlDataReader row)
    {
        var (id, contactId, email, role) = (row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(5));
        var grants = row.GetBoolean(6) ? RoleGrants.Of(row.Optional<string>(7)) : RoleGrants.None;
        var organization = row.OptionalValue<Guid>(8);
        // A partner's role without a partner would see everybody's: it gets nothing until somebody names the partner.
        if (grants.PartnerOnly && organization is null)
        {
            grants = RoleGrants.None;
        }

        return new(id, contactId, email, row.GetString(3), row.GetString(4), role,
            new(new(ActorKind.User, id, email, contactId), grants.Permissions, BusinessEntities: null)
            {
                PartnerOrganizationId = grants.PartnerOnly ? organization : null,
            });
    }
}

/// <summary>What <c>user_role.permissions</c> grants; what is not said there is not granted.</summary>
internal sealed record RoleGrants(FrozenSet<string> Permissions, bool PartnerOnly)
{
    private const string Everything = "*";

    public static RoleGrants None { get; } = new(FrozenSet<string>.Empty, PartnerOnly: false);

    /// <summary><c>{"resources": ["*" | "vehicles.read", …], "data_filters": {"organization_scope": "all" | "partner"}}</c></summary>
    public static RoleGrants Of(string? json)
    {
        if (json is null)
        {
            return None;
        }

        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("resources", out var resources) || resources.ValueKind != JsonValueKind.Array)
        {
            return None;
        }

        var scope = document.RootElement.TryGetProperty("data_filters", out var filters) && filters.ValueKind == JsonValueKind.Object
            && filters.TryGetProperty("organization_scope", out var word) ? word.ToString() : "all";
        if (scope is not ("all" or "partner"))
        {
            return None;
        }

        var named = resources.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!).ToHashSet();
        return new(
            Identity.Permissions.All.Where(permission => named.Contains(Everything) || named.Contains(permission))
                .ToFrozenSet(StringComparer.Ordinal),
            PartnerOnly: scope == "partner");
    }
}
