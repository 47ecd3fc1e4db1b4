using Npgsql;

namespace ChargeCars.Testing.Fuzz;

/// <summary>
/// What was stored since the last look by who calls the API, and not by the host's own hand. Every change of every table has an
/// audit row of who made it, but for positions; so the audit, the changes and the positions tell it all.
/// </summary>
public sealed class StoredByCallers(NpgsqlDataSource database)
{
    // A refusal that is on record says so in its summary. A refresh token that is used again ends its session. A password's reset is written
    // after its answer, which would else tell by its time whether there is such an account: it may fall into the request after it.
    // So may what an order learns of its visits, by a due command.
    private const string Sql = """
        SELECT 'audit of ' || table_name || ': ' || coalesce(change_summary, action) FROM audit_log
        WHERE created_at >= $1 AND business_context->'actor'->>'kind' <> 'system'
            AND coalesce(change_summary, '') !~* 'refused' AND coalesce(change_summary, '') NOT IN ('A refresh token was used again', 'Password reset asked for')
        UNION ALL
        SELECT 'change ' || sequence || ': ' || type FROM change_event
        WHERE sequence > $2 AND actor->>'kind' <> 'system' AND type NOT IN ('user_session.revoked', 'order.visits_changed')
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
