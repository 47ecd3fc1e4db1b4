using System.Globalization;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Platform.Search;

/// <summary>
/// Deletes words that nothing is found by any more: a person's name must not outlive the person's rows. Commands note the words that an
/// entry loses; only these are looked for. Every host may run it.
/// </summary>
public sealed class WordRetention(NpgsqlDataSource source) : IExpiringRows
{
    /// <summary>The lock that whoever writes words shares, and that this has alone while it deletes some.</summary>
    public const long LockKey = 7214020;

    private const int Batch = 200;

    // Longer than a command's transaction takes; an import that writes for minutes is not waited for, and keeps nobody waiting behind it.
    private const int LockMilliseconds = 500;

    private const string NextSql = "SELECT id FROM search_word_gone ORDER BY id LIMIT $1";

    private const string KeepSql = """
        DELETE FROM search_word_gone g WHERE g.id = ANY ($1) AND EXISTS (SELECT FROM search_entry s WHERE s.words @@ quote_literal(g.word)::tsquery)
        """;

    private const string DeleteSql = """
        WITH gone AS (DELETE FROM search_word_gone WHERE id = ANY ($1) RETURNING word)
        DELETE FROM search_word w USING (SELECT DISTINCT word FROM gone) g
        WHERE w.word = g.word AND NOT EXISTS (SELECT FROM search_entry s WHERE s.words @@ quote_literal(w.word)::tsquery)
        """;

    /// <inheritdoc/>
    public string Task => "delete words that nothing is found by any more";

    /// <inheritdoc/>
    public async Task<long> DeleteExpiredAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        for (var deleted = 0L; ; )
        {
            var ids = await NextAsync(connection, ct);
            if (ids.Length == 0)
            {
                return deleted;
            }

            // A word that others have is looked for at leisure. Whoever takes the last of them away from now on notes it anew.
            await using (var keep = new NpgsqlCommand(KeepSql, connection) { Parameters = { Sql.Array(NpgsqlDbType.Bigint, ids) } })
            {
                await keep.ExecuteNonQueryAsync(ct);
            }

            try
            {
                deleted += await DeleteAsync(connection, ids, ct);
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                return deleted; // at the next run
            }
        }
    }

    private static async Task<long[]> NextAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(NextSql, connection) { Parameters = { Sql.Integer(Batch) } };
        await using var row = await command.ExecuteReaderAsync(ct);
        var ids = new List<long>(Batch);
        while (await row.ReadAsync(ct))
        {
            ids.Add(row.GetInt64(0));
        }

        return [.. ids];
    }

    // What was committed before the lock was had is seen by the statement after it.
    private static async Task<int> DeleteAsync(NpgsqlConnection connection, long[] ids, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var wait = new NpgsqlCommand(
            string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {LockMilliseconds}; SELECT pg_advisory_xact_lock({LockKey})"), connection, transaction))
        {
            await wait.ExecuteNonQueryAsync(ct);
        }

        await using var delete = new NpgsqlCommand(DeleteSql, connection, transaction) { Parameters = { Sql.Array(NpgsqlDbType.Bigint, ids) } };
        var deleted = await delete.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        return deleted;
    }
}
