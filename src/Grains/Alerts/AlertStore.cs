using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Alerts;

/// <summary>Reads alerts past their grains, and says which host looks at the facts.</summary>
internal sealed class AlertStore(NpgsqlDataSource source)
{
    private static readonly string SelectStanding = $"SELECT {AlertKind.Rows.ColumnList} FROM alert WHERE status <> 'ended' AND alert_type = ANY ($1)";

    // A clock that was put back, or another host's that is ahead, keeps nobody from looking.
    private const string ClaimLook = """
        INSERT INTO alert_look (name, looked_at) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET looked_at = excluded.looked_at WHERE alert_look.looked_at <= $3 OR alert_look.looked_at > excluded.looked_at
        RETURNING 1
        """;

    // What a look at the quick sources may find changed.
    private const string SelectNews = """
        SELECT coalesce(max(sequence), $1),
            coalesce(bool_or(entity_type IN ('order', 'visit', 'call', 'call_back', 'communication_thread')
                AND type <> 'visit.expected_arrival_changed' OR type LIKE 'due\_command.%'), false)
        FROM change_event WHERE sequence > $1
        """;

    private const string SelectLast = "SELECT coalesce(max(sequence), 0) FROM change_event";

    /// <summary>The alerts of some types that have not ended.</summary>
    public async Task<IReadOnlyList<Alert>> StandingAsync(IEnumerable<AlertType> types, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectStanding);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, types.Select(WireText.Of).ToArray()));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var standing = new List<Alert>();
        while (await row.ReadAsync(cancellation))
        {
            standing.Add(AlertKind.Rows.Read(row));
        }

        return standing;
    }

    /// <summary>Whether this host looks now: nobody has within <paramref name="interval"/>.</summary>
    public async Task<bool> ClaimAsync(string look, TimeSpan interval, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(ClaimLook);
        command.Parameters.Add(Sql.Text(look));
        command.Parameters.Add(Sql.Time(now));
        command.Parameters.Add(Sql.Time(now - interval));
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    /// <summary>Whether something has changed since a sequence that a quick source looks at, and the last sequence; without one the last alone.</summary>
    public async Task<(long Sequence, bool Any)> NewsAsync(long? since, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(since is null ? SelectLast : SelectNews);
        if (since is { } known)
        {
            command.Parameters.Add(Sql.Bigint(known));
        }

        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (row.GetInt64(0), since is not null && row.GetBoolean(1));
    }
}
