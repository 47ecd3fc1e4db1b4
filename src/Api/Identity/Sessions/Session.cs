using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity.Sessions;

/// <summary>A row of <c>user_session</c> without its hash: one login of a person on one device, through all its refresh tokens.</summary>
internal sealed record Session(
    Guid Id,
    DateTimeOffset CreatedAt,
    Guid UserId,
    string? IpAddress,
    string? UserAgent,
    DateTimeOffset? LastActivity,
    DateTimeOffset ExpiresAt,
    bool Revoked,
    string? RevokeReason,
    long Version) : IEntityState
{
    public const string Table = "user_session";

    /// <summary>The columns that <see cref="Read"/> expects first.</summary>
    public const string Columns = """
        s.id, s.created_at, s.user_id, s.ip_address, s.user_agent, s.last_activity, s.expires_at, s.revoked, s.revoke_reason, s.version
        """;

    /// <summary>How many columns those are.</summary>
    public const int ColumnCount = 10;

    private const string InsertSql = """
        INSERT INTO user_session (id, created_at, user_id, token_hash, ip_address, user_agent, last_activity, expires_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $2, $7, 1)
        """;

    private const string RotateSql = """
        UPDATE user_session SET token_hash = $3, ip_address = $4, user_agent = $5, last_activity = $6, version = version + 1
        WHERE id = $1 AND version = $2 AND NOT revoked
        """;

    private const string RevokeSql = """
        UPDATE user_session SET revoked = true, revoke_reason = $3, version = version + 1
        WHERE id = $1 AND version = $2 AND NOT revoked
        """;

    public Session Stamped(long version, DateTimeOffset updatedAt) => this with { Version = version };

    public static Session Read(NpgsqlDataReader row) => new(
        row.GetGuid(0),
        row.GetFieldValue<DateTimeOffset>(1),
        row.GetGuid(2),
        row.Optional<string>(3),
        row.Optional<string>(4),
        row.OptionalValue<DateTimeOffset>(5),
        row.GetFieldValue<DateTimeOffset>(6),
        row.GetBoolean(7),
        row.Optional<string>(8),
        row.GetInt64(9));

    public NpgsqlBatchCommand Insert(string tokenHash) => new(InsertSql)
    {
        Parameters =
        {
            Sql.Uuid(Id), Sql.Time(CreatedAt), Sql.Uuid(UserId), Sql.Text(tokenHash), Sql.Text(IpAddress), Sql.Text(UserAgent), Sql.Time(ExpiresAt),
        },
    };

    /// <summary>This session, as it is after the rotation, where its version was <paramref name="expected"/>.</summary>
    public NpgsqlBatchCommand Rotate(long expected, string tokenHash) => new(RotateSql)
    {
        Parameters = { Sql.Uuid(Id), Sql.Bigint(expected), Sql.Text(tokenHash), Sql.Text(IpAddress), Sql.Text(UserAgent), Sql.Time(LastActivity) },
    };

    /// <summary>This session, as it is after the revocation, where its version was <paramref name="expected"/>.</summary>
    public NpgsqlBatchCommand Revoke(long expected) => new(RevokeSql)
    {
        Parameters = { Sql.Uuid(Id), Sql.Bigint(expected), Sql.Text(RevokeReason) },
    };
}
