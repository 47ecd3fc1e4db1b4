using Npgsql;

namespace ChargeCars.Testing.Fuzz;

/// <summary>
/// What was stored since the last look by who calls the API, and not by the host's own hand. Every change of every table has an
/// audit row of who made it, but for positions; so the audit, the changes and the positions tell it all.
/// </summary>
public sealed class StoredByCallers(NpgsqlDataSource database)
{
    // A refusal that is on record says so in its summary. A refresh token that is used again ends its session. A password's reset is written
    // after its answer, which would else tell by its time whether there is such an account: it may fall into the request after it. What a
    // request asked for in its own time (a due command) may too: while one of an earlier request is carried out, changes are taken for its.
    private const string Sql = """
        WITH earlier AS (
            SELECT FROM due_command
            WHERE created_at < $1 AND actor->>'kind' <> 'system' AND (ended_at >= $1 OR (state = 'pending' AND held_until >= $1 AND last_error IS NULL)) LIMIT 1)
        SELECT 'audit of ' || table_name || ': ' || coalesce(change_summary, action) FROM audit_log
        WHERE created_at >= $1 AND business_context->'actor'->>'kind' <> 'system'
            AND coalesce(change_summary, '') !~* 'refused' AND coalesce(change_summary, '') NOT IN ('A refresh token was used again', 'Password reset asked for')
            AND NOT EXISTS (SELECT FROM earlier)
        UNION ALL
        SELECT 'change ' || sequence || ': ' || type FROM change_event
        WHERE sequence > $2 AND actor->>'kind' <> 'system' AND type <> 'user_session.revoked' AND NOT EXISTS (SELECT FROM earlier)
        UNION ALL
        SELECT 'position of ' || vehicle_id FROM vehicle_position WHERE received_at >= $1
        LIMIT 5
        """;

    private DateTimeOffset _since = DateTimeOffset.UtcNow;
    private long _sequence;

    /// <summary>From now on.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT coalesce(max(sequence), 0) FROM change_event");
        _sequence = (long)(await command.ExecuteScalarAsync(cancellation))!;
        _since = DateTimeOffset.UtcNow;
    }

    /// <summary>What was stored since <see cref="StartAsync"/>, in words.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = _since.UtcDateTime });
        command.Parameters.Add(new() { Value = _sequence });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var stored = new List<string>();
        while (await row.ReadAsync(cancellation))
        {
            stored.Add(row.GetString(0));
        }

        return stored;
    }
}
