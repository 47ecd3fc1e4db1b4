using System.Collections.Frozen;
using ChargeCars.Money.Numbering;
using Npgsql;
using NpgsqlTypes;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Identity;

/// <summary>A row of <c>api_key</c> without its hash, which leaves the table only to be compared.</summary>
internal sealed record ApiKey(
    Guid Id,
    string Name,
    IReadOnlyList<string> Permissions,
    IReadOnlyList<BusinessEntity>? BusinessEntities,
    Guid? PartnerOrganizationId,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    Guid? CreatedByContactId,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long Version) : IEntityState
{
    /// <summary>Until when the secret before the last rotation counts; null where none does.</summary>
    public DateTimeOffset? FormerKeyExpiresAt { get; init; }

    /// <summary>The only vehicles that it sees and may send for; null for no such limit.</summary>
    public IReadOnlyList<Guid>? VehicleIds { get; init; }

    public const string Table = "api_key";

    /// <summary>The columns that <see cref="Read"/> expects first.</summary>
    public const string Columns = """
        id, name, permissions, business_entities, partner_organization_id, expires_at, revoked_at, created_by_contact_id,
        created_at, updated_at, version, former_key_expires_at, vehicle_ids
        """;

    /// <summary>How many columns those are.</summary>
    public const int ColumnCount = 13;

    private const string InsertSql = """
        INSERT INTO api_key (id, name, key_hash, permissions, business_entities, partner_organization_id, expires_at,
            created_by_contact_id, created_at, updated_at, version, vehicle_ids)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 1, $10)
        """;

    private const string RevokeSql = """
        UPDATE api_key SET revoked_at = $3, updated_at = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND revoked_at IS NULL
        """;

    // The key that was is taken on for a while, so that a program can change over without a gap; one before it no more.
    private const string RotateSql = """
        UPDATE api_key SET key_hash = $3, former_key_hash = key_hash, former_key_expires_at = $4, updated_at = $5, version = version + 1
        WHERE id = $1 AND version = $2 AND revoked_at IS NULL
        """;

    public ApiKey Stamped(long version, DateTimeOffset updatedAt) => this with { Version = version, UpdatedAt = updatedAt };

    /// <summary>The caller that a request with this key has.</summary>
    public Caller AsCaller() => new(
        new(ActorKind.Key, Id, Name),
        Permissions.Intersect(Identity.Permissions.All).ToFrozenSet(StringComparer.Ordinal),
        BusinessEntities?.ToFrozenSet())
    {
        PartnerOrganizationId = PartnerOrganizationId,
        Vehicles = VehicleIds?.ToFrozenSet(),
    };

    public static ApiKey Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetString(1),
        row.GetFieldValue<string[]>(2),
        row.Optional<string[]>(3)?.Select(WireText.Parse<BusinessEntity>).ToArray(),
        row.OptionalValue<Guid>(4),
        row.OptionalValue<DateTimeOffset>(5),
        row.OptionalValue<DateTimeOffset>(6),
        row.OptionalValue<Guid>(7),
        row.GetFieldValue<DateTimeOffset>(8),
        row.GetFieldValue<DateTimeOffset>(9),
        row.GetInt64(10))
    {
        FormerKeyExpiresAt = row.OptionalValue<DateTimeOffset>(11),
        VehicleIds = row.Optional<Guid[]>(12),
    };

    public NpgsqlBatchCommand Insert(byte[] hash) => new(InsertSql)
    {
        Parameters =
        {
            Sql.Uuid(Id),
            Sql.Text(Name),
            Sql.Bytes(hash),
            Sql.Array(NpgsqlDbType.Text, Permissions.ToArray()),
            Sql.Array(NpgsqlDbType.Text, BusinessEntities?.Select(WireText.Of).ToArray()),
            Sql.Uuid(PartnerOrganizationId),
            Sql.Time(ExpiresAt),
            Sql.Uuid(CreatedByContactId),
            Sql.Time(CreatedAt),
            Sql.Array(NpgsqlDbType.Uuid, VehicleIds?.ToArray()),
        },
    };

    /// <summary>Replaces the secret of the key, whose version is the one before the rotation.</summary>
    public NpgsqlBatchCommand Rotate(byte[] hash, DateTimeOffset formerUntil, DateTimeOffset at) => new(RotateSql)
    {
        Parameters = { Sql.Uuid(Id), Sql.Bigint(Version), Sql.Bytes(hash), Sql.Time(formerUntil), Sql.Time(at) },
    };

    public NpgsqlBatchCommand Revoke(DateTimeOffset at) => new(RevokeSql)
    {
        Parameters = { Sql.Uuid(Id), Sql.Bigint(Version), Sql.Time(at) },
    };
}
