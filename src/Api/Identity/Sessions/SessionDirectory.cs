using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity.Sessions;

/// <summary>
/// Whether a session still counts, out of this node's memory: an access token names its session, so that a logout or a
/// revocation ends it at once and not when it expires.
/// </summary>
internal sealed class SessionDirectory(NpgsqlDataSource source, TimeProvider time, SessionUse use) : FreshLookup<KnownSession>(time)
{
    /// <summary>Whether the session is this user's and goes on; notes its use.</summary>
    public async ValueTask<bool> IsOpenAsync(Guid sessionId, Guid userId)
    {
        var now = Time.GetUtcNow();
        if (await FindAsync(sessionId) is not { } known || known.UserId != userId || known.ExpiresAt <= now)
        {
            return false;
        }

        use.Note(sessionId, now);
        return true;
    }

    /// <summary>Where the session was opened or last refreshed from; null where that is not known.</summary>
    public async ValueTask<string?> AddressOfAsync(Guid sessionId) => (await FindAsync(sessionId))?.IpAddress;

    protected override async Task<KnownSession?> ReadAsync(Guid id)
    {
        const string Select = "SELECT user_id, expires_at, ip_address FROM user_session WHERE id = $1 AND NOT revoked";
        await using var command = source.CreateCommand(Select);
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? new(row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.Optional<string>(2)) : null;
    }
}

/// <summary>A session that was not revoked, as its row has it.</summary>
internal sealed record KnownSession(Guid UserId, DateTimeOffset ExpiresAt, string? IpAddress);
