using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Identity.Keys;

/// <summary>The table <c>api_key</c>. When a key was last used is noted beside it, without a version.</summary>
internal sealed class ApiKeyTable : IEntityTable<ApiKey>
{
    public const string TableName = "api_key";

    public static RowMapping<ApiKey> Rows { get; } = new(TableName);

    public static IReadOnlyList<string> ColumnsOfOthers => ["last_used_at"];

    public static ChangeScope ScopeOf(ApiKey state) => new(null, state.PartnerOrganizationId, null, null);

    public static object Label(ApiKey state) => new { state.Name };

    public static object Told(ApiKey state) => new { state.Name };

    public static Error? Explain(PostgresException violation, ApiKey? state) => violation.ConstraintName switch
    {
        "api_key_partner_organization_id_fkey" => Invalid.Field("partnerOrganizationId", "is not an organization"),
        _ => null,
    };
}
