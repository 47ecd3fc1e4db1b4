using Npgsql;

namespace ChargeCars.Platform.Storage;

/// <summary>Deletes the answers kept for repeated requests once the contract's day is over.</summary>
public sealed class IdempotencyRetention(NpgsqlDataSource source, TimeProvider time) : IExpiringRows
{
    /// <inheritdoc/>
    public string Task => "delete expired idempotency keys";

    /// <summary>How long an answer is kept: 24 hours, as clients were told.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private const int BatchSize = 10_000;

    private const string DeleteSql = """
        DELETE FROM idempotency_key
        WHERE ctid = ANY (ARRAY (SELECT ctid FROM idempotency_key WHERE created_at < $1 ORDER BY created_at LIMIT $2))
          AND created_at < $1
        """;

    /// <summary>Deletes in batches, each a short transaction.</summary>
    /// <returns>How many keys were deleted.</returns>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var deleted = 0L;
        while (true)
        {
            await using var command = source.CreateCommand(DeleteSql);
            command.Parameters.Add(new() { Value = (time.GetUtcNow() - Retention).UtcDateTime });
            command.Parameters.Add(new() { Value = BatchSize });
            var batch = await command.ExecuteNonQueryAsync(ct);
            deleted += batch;
            if (batch < BatchSize)
                return deleted;
        }
    }
}
