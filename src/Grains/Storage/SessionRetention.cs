using Npgsql;

namespace ChargeCars.Storage;

/// <summary>Deletes sessions, with their former tokens, a quarter of a year after they ended. The audit keeps that they were.</summary>
public sealed class SessionRetention(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>How long an ended session is kept, for who asks where somebody was logged in.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private const string DeleteSql = """
        DELETE FROM user_session WHERE id IN (SELECT id FROM user_session WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)
        """;

    /// <summary>Deletes in batches, each a short transaction.</summary>
    /// <returns>How many sessions were deleted.</returns>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var deleted = 0L;
        while (true)
        {
            await using var command = source.CreateCommand(DeleteSql);
            command.Parameters.Add(Sql.Time(time.GetUtcNow() - Retention));
            var batch = await command.ExecuteNonQueryAsync(ct);
            deleted += batch;
            if (batch < 1_000)
                return deleted;
        }
    }
}
