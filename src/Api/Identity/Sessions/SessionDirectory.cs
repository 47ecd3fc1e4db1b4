using ChargeCars.Storage;
using Npgsql;

namespace ChargeCars.Api.Identity.Sessions;

/// <summary>
/// Whether a session still counts, out of this node's memory: an access token names its session, so that a logout or a
/// revocation ends it at once and not when it expires.
/// </summary>
public sealed class SessionDirectory
{
    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly SessionUse _use;
    private readonly FreshLookup<Known> _sessions;

    internal SessionDirectory(NpgsqlDataSource source, TimeProvider time, SessionUse use)
    {
        (_source, _time, _use) = (source, time, use);
        _sessions = new(ReadAsync, time);
    }

    /// <summary>Reads the session again when it is used next; for change events of type <c>user_session.*</c>.</summary>
    public void Forget(Guid sessionId) => _sessions.Forget(sessionId);

    /// <summary>Reads every session again.</summary>
    public void ForgetAll() => _sessions.ForgetAll();

    /// <summary>Whether the session is this user's and goes on; notes its use.</summary>
    internal async ValueTask<bool> IsOpenAsync(Guid sessionId, Guid userId)
    {
        var now = _time.GetUtcNow();
        if (await _sessions.FindAsync(sessionId) is not { } known || known.UserId != userId || known.ExpiresAt <= now)
        {
            return false;
        }

        _use.Note(sessionId, now);
        return true;
    }

    private async Task<Known?> ReadAsync(Guid id)
    {
        const string Select = "SELECT user_id, expires_at FROM user_session WHERE id = $1 AND NOT revoked";
        await using var command = _source.CreateCommand(Select);
        command.Parameters.Add(Sql.Uuid(id));
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? new(row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1)) : null;
    }

    private sealed record Known(Guid UserId, DateTimeOffset ExpiresAt);
}
