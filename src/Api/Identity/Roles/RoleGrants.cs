using System.Collections.Frozen;
using System.Text.Json;
using ChargeCars.Identity.Accounts;
using ChargeCars.Identity.Roles;
using ChargeCars.Money.Numbering;

namespace ChargeCars.Api.Identity.Roles;

/// <summary>Whose rows a role sees of what belongs to organizations.</summary>
internal enum OrganizationScope
{
    All,
    Partner,
}

/// <summary>Whose work a role sees.</summary>
internal enum UserScope
{
    All,
    Team,
    Own,
}

/// <summary>What <c>user_role.permissions</c> grants; what is not said there is not granted.</summary>
internal sealed record RoleGrants(
    FrozenSet<string> Permissions, FrozenSet<BusinessEntity>? BusinessEntities, OrganizationScope OrganizationScope, UserScope UserScope)
{
    public const string Everything = "*";

    /// <summary>The schema's own lists of actions, and the resources that they are actions on.</summary>
    private static readonly FrozenDictionary<string, string> Lists = new Dictionary<string, string>
    {
        ["contacts"] = "relations",
        ["visits"] = "visits",
        ["invoices"] = "invoices",
        ["communication_messages"] = "threads",
        ["audit_logs"] = "audit",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<AccountScope, string[]> Scopes = new Dictionary<AccountScope, string[]>
    {
        [AccountScope.Planning] =
        [
            Identity.Permissions.OrdersRead, Identity.Permissions.VisitsRead, Identity.Permissions.VisitsWrite, Identity.Permissions.TeamsRead,
            Identity.Permissions.TeamsWrite, Identity.Permissions.VehiclesRead, Identity.Permissions.VehiclesAct, Identity.Permissions.PositionsRead,
        ],
        [AccountScope.SalesManager] =
        [
            Identity.Permissions.OrdersRead, Identity.Permissions.OrdersWrite, Identity.Permissions.OrdersCancel, Identity.Permissions.QuotesRead,
            Identity.Permissions.QuotesWrite, Identity.Permissions.RelationsRead, Identity.Permissions.RelationsWrite, Identity.Permissions.CatalogueRead,
        ],
    }.ToFrozenDictionary();

    public static RoleGrants None { get; } = new(FrozenSet<string>.Empty, null, OrganizationScope.All, UserScope.Own);

    /// <summary>
    /// The permissions object of the schema: <c>resources</c> names permissions, <c>organizations</c> the business entities
    /// that the role is limited to, <c>contacts</c>, <c>visits</c>, <c>invoices</c>, <c>communication_messages</c> and
    /// <c>audit_logs</c> actions on each, <c>data_filters</c> the scopes. Anything that can't be understood grants nothing.
    /// </summary>
    public static RoleGrants Of(string? json, IEnumerable<AccountScope> scopes)
    {
        if (json is null)
        {
            return None;
        }

        using var document = JsonDocument.Parse(json);
        return Read(document.RootElement, out var faults) is { } grants && faults.Count == 0 ? grants.With(scopes) : None;
    }

    /// <summary>The same with the permissions of an account's scopes.</summary>
    public RoleGrants With(IEnumerable<AccountScope> scopes) =>
        this with { Permissions = Permissions.Concat(scopes.SelectMany(scope => Scopes[scope])).ToFrozenSet(StringComparer.Ordinal) };

    /// <summary>What is wrong with what a role is to grant, by field; a partner's role sees that partner's work alone.</summary>
    public static Dictionary<string, string[]> Faults(RoleDetails role)
    {
        var (faults, grants) = (new Dictionary<string, string[]>(), (RoleGrants?)null);
        if (role.Permissions is { } permissions)
        {
            using var document = JsonDocument.Parse(permissions.Text);
            grants = Read(document.RootElement, out faults);
        }

        if (role.PartnerOrganizationId is not null && grants?.OrganizationScope != OrganizationScope.Partner)
        {
            faults["permissions.data_filters.organization_scope"] = ["must be partner for a partner's role"];
        }

        return faults;
    }

    /// <summary>What an object grants, and what is wrong with it, by field.</summary>
    public static RoleGrants? Read(JsonElement root, out Dictionary<string, string[]> faults)
    {
        faults = [];
        if (root.ValueKind != JsonValueKind.Object)
        {
            faults["permissions"] = ["must be an object with resources and data_filters"];
            return null;
        }

        var (granted, entities, organization, user) = (new HashSet<string>(), (FrozenSet<BusinessEntity>?)null, OrganizationScope.All, UserScope.All);
        foreach (var field in root.EnumerateObject())
        {
            var name = $"permissions.{field.Name}";
            if (field.Name == "resources")
            {
                Each(field.Value, name, faults, word => word == Everything || Identity.Permissions.All.Contains(word),
                    "is not a permission; GET /api/permissions lists them", word => Grant(word == Everything ? Identity.Permissions.All : [word]));
            }
            else if (Lists.TryGetValue(field.Name, out var resource))
            {
                Each(field.Value, name, faults, action => Identity.Permissions.All.Contains($"{resource}.{action}"),
                    $"is not an action on {resource}", action => Grant([$"{resource}.{action}"]));
            }
            else if (field.Name == "organizations")
            {
                var named = new HashSet<BusinessEntity>();
                Each(field.Value, name, faults, word => WireText.TryParse<BusinessEntity>(word, out _),
                    $"is not one of {string.Join(", ", WireText.All<BusinessEntity>())}", word => named.Add(WireText.Parse<BusinessEntity>(word)));
                entities = field.Value.ValueKind == JsonValueKind.Array && field.Value.GetArrayLength() > 0 ? named.ToFrozenSet() : null;
            }
            else if (field.Name == "data_filters" && field.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var filter in field.Value.EnumerateObject())
                {
                    _ = filter.Name switch
                    {
                        "organization_scope" => Word($"{name}.organization_scope", filter.Value, faults, out organization),
                        "user_scope" => Word($"{name}.user_scope", filter.Value, faults, out user),
                        _ => faults.TryAdd($"{name}.{filter.Name}", ["is not a filter; there are organization_scope and user_scope"]),
                    };
                }
            }
            else
            {
                faults[name] = ["is not a part of a role's permissions"];
            }
        }

        return new(granted.ToFrozenSet(StringComparer.Ordinal), entities, organization, user);

        void Grant(IEnumerable<string> permissions) => granted.UnionWith(permissions);
    }

    private static void Each(
        JsonElement list, string name, Dictionary<string, string[]> faults, Func<string, bool> known, string fault, Action<string> take)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            faults[name] = ["must be a list"];
            return;
        }

        var i = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String && known(item.GetString()!))
            {
                take(item.GetString()!);
            }
            else
            {
                faults[$"{name}[{i}]"] = [$"{item} {fault}"];
            }

            i++;
        }
    }

    private static bool Word<T>(string name, JsonElement value, Dictionary<string, string[]> faults, out T word) where T : struct, Enum
    {
        word = default;
        var good = value.ValueKind == JsonValueKind.String && WireText.TryParse(value.GetString()!, out word);
        if (!good)
        {
            faults[name] = [$"must be one of {string.Join(", ", WireText.All<T>())}"];
        }

        return good;
    }
}
