using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity.Roles;

/// <summary>What an editor may set of a role.</summary>
public record RoleDetails
{
    /// <summary>Required: lower-case letters, digits and underscores, at most 50; one role's only, of those of the company or of one partner.</summary>
    public string? RoleName { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>An account whose role is not active can't log in.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>The partner whose role it is, which alone can give and change it; null for the company's. Set when it is made, and never changed.</summary>
    public Guid? PartnerOrganizationId { get; init; }

    /// <summary>The schema's object: resources, organizations, contacts, visits, invoices, communication_messages, audit_logs, data_filters.</summary>
    public JsonElement? Permissions { get; init; }

    internal Invalid? Fault()
    {
        var faults = new Dictionary<string, string[]>();
        var grants = Permissions is { } permissions ? RoleGrants.Read(permissions, out faults) : null;
        if (PartnerOrganizationId is not null && grants?.OrganizationScope != OrganizationScope.Partner)
        {
            faults["permissions.data_filters.organization_scope"] = ["must be partner for a partner's role"];
        }

        if (RoleName is not { Length: >= 1 and <= 50 } name || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_'))
        {
            faults["roleName"] = ["must be 1 to 50 lower-case letters, digits and underscores"];
        }

        if (Description is { } text && (text.Length > 500 || text.Contains('\0', StringComparison.Ordinal)))
        {
            faults["description"] = ["must be at most 500 characters"];
        }

        return faults.Count == 0 ? null : new(faults);
    }
}

/// <summary>A row of <c>user_role</c>.</summary>
internal sealed record Role(
    Guid Id, DateTimeOffset CreatedAt, string RoleName, string? Description, bool IsActive, RawJson Permissions, long Version, Guid? PartnerOrganizationId)
    : IEntityState
{
    public const string Table = "user_role";

    /// <summary>The company's role that can always do everything, and so stays as it is.</summary>
    public const string Administrator = "admin";

    public const string Columns = "id, created_at, role_name, description, is_active, coalesce(permissions, '{}')::text, version, partner_organization_id";

    /// <summary>Whether another state of the row says the same; compared as the audit compares, and without the version.</summary>
    public bool Same(Role other) => JsonNode.DeepEquals(RowJson.ToObject(this with { Version = 0 }), RowJson.ToObject(other with { Version = 0 }));

    public static Role Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.Optional<string>(3), row.GetBoolean(4),
        new RawJson(row.GetString(5)), row.GetInt64(6), row.OptionalValue<Guid>(7));

    public NpgsqlBatchCommand Insert() => Values("""
        INSERT INTO user_role (id, created_at, role_name, description, is_active, permissions, version, partner_organization_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """);

    public NpgsqlBatchCommand Update() => Values("""
        UPDATE user_role SET created_at = $2, role_name = $3, description = $4, is_active = $5, permissions = $6, version = $7, partner_organization_id = $8
        WHERE id = $1 AND version = $7 - 1
        """);

    private NpgsqlBatchCommand Values(string sql) => new(sql)
    {
        Parameters =
        {
            Sql.Uuid(Id), Sql.Time(CreatedAt), Sql.Text(RoleName), Sql.Text(Description), Sql.Bool(IsActive), Sql.Jsonb(Permissions.Text), Sql.Bigint(Version),
            Sql.Uuid(PartnerOrganizationId),
        },
    };
}
