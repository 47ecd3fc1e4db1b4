using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Platform.Storage;

/// <summary>Deletes changes that are older than <see cref="ChangeEventOptions.Retention"/>.</summary>
public sealed class ChangeEventRetention(
    NpgsqlDataSource source, TimeProvider time, IOptions<ChangeEventOptions> options) : IExpiringRows
{
    /// <inheritdoc/>
    public string Task => "delete expired changes";

    private const int BatchSize = 10_000;

    /// <summary>
    /// Takes the front of the feed only, up to the first change that is kept: what remains has no hole, so that a reader
    /// knows from the oldest sequence alone whether its gap is still there. The newest row always remains, as the next
    /// sequence is one more than it. Sequence order is all but time order, so the front is where the old ones are, and
    /// no index on the time is needed.
    /// </summary>
    private const string DeleteSql = """
        WITH front AS (
            SELECT sequence, occurred_at FROM change_event ORDER BY sequence LIMIT $2),
        bound AS (
            SELECT least(
                coalesce(min(sequence) FILTER (WHERE occurred_at >= $1), max(sequence) + 1),
                (SELECT max(sequence) FROM change_event)) AS first_kept
            FROM front)
        DELETE FROM change_event WHERE sequence < (SELECT first_kept FROM bound)
        """;

    private readonly int _batchSize = BatchSize;

    internal ChangeEventRetention(
        NpgsqlDataSource source, TimeProvider time, IOptions<ChangeEventOptions> options, int batchSize)
        : this(source, time, options) => _batchSize = batchSize;

    /// <summary>Deletes in batches, each a short transaction.</summary>
    /// <returns>How many changes were deleted.</returns>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        var deleted = 0L;
        while (true)
        {
            await using var command = source.CreateCommand(DeleteSql);
            command.Parameters.Add(new() { Value = (time.GetUtcNow() - options.Value.Retention).UtcDateTime });
            command.Parameters.Add(new() { Value = _batchSize });
            var batch = await command.ExecuteNonQueryAsync(ct);
            deleted += batch;
            if (batch < _batchSize)
                return deleted;
        }
    }
}
