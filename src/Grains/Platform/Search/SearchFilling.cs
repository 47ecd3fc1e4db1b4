using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Platform.Search;

/// <summary>
/// Makes rows findable that were there before: once a kind, and again where <see cref="Form"/> is another. A step at a time, each in a
/// transaction with how far it is, so that a host that dies loses one step; one host at a time.
/// </summary>
public sealed partial class SearchFilling(NpgsqlDataSource source, IEnumerable<FindableKind> kinds, ILogger<SearchFilling> logger) : BackgroundService
{
    /// <summary>Raised whenever a kind is found by something else, or words are taken apart in another way: then all rows are written anew.</summary>
    public const int Form = 1;

    private const long LockKey = 7214018;
    private const int Step = 500;

    private const string ReadSql = "SELECT last_id, done_at IS NOT NULL FROM search_filling WHERE entity_type = $1 AND form = $2";

    private const string NoteSql = """
        INSERT INTO search_filling (entity_type, form, last_id, done_at) VALUES ($1, $2, $3, CASE WHEN $4 THEN now() END)
        ON CONFLICT (entity_type) DO UPDATE SET form = excluded.form, last_id = excluded.last_id, done_at = excluded.done_at
        """;

    /// <summary>Fills in what is missing of every kind; answers how many rows were written.</summary>
    public async Task<long> RunAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (await ScalarAsync(connection, $"SELECT pg_try_advisory_lock({LockKey})", cancellation) is not true)
        {
            return 0; // another host does it
        }

        try
        {
            var filled = 0L;
            foreach (var kind in kinds)
            {
                filled += await FillAsync(connection, kind, cancellation);
            }

            return filled;
        }
        finally
        {
            if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
            {
                await ScalarAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The start is not kept waiting: until it is done, a search finds what is filled in.
        await Task.Yield();
        try
        {
            if (await RunAsync(stoppingToken) is var filled and > 0)
            {
                LogFilled(logger, filled);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops; the next one goes on.
        }
        catch (NpgsqlException fault)
        {
            LogFailed(logger, fault);
        }
    }

    private static async Task<long> FillAsync(NpgsqlConnection connection, FindableKind kind, CancellationToken cancellation)
    {
        var (after, done) = await ReadAsync(connection, kind.Table, cancellation);
        for (var filled = 0L; ; )
        {
            if (done)
            {
                return filled;
            }

            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var rows = await kind.NextAsync(connection, after, Step, cancellation);
            done = rows.Count < Step;
            after = rows.Count == 0 ? after : rows[^1].EntityId;
            await using var batch = new NpgsqlBatch(connection, transaction);
            if (rows.Count > 0)
            {
                batch.BatchCommands.Add(SearchRow.FillIn(kind.From, rows));
            }

            batch.BatchCommands.Add(new(NoteSql) { Parameters = { Sql.Text(kind.Table), Sql.Integer(Form), Sql.Uuid(after), Sql.Bool(done) } });
            await batch.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            filled += rows.Count;
        }
    }

    private static async Task<(Guid After, bool Done)> ReadAsync(NpgsqlConnection connection, string table, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(ReadSql, connection) { Parameters = { Sql.Text(table), Sql.Integer(Form) } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetGuid(0), reader.GetBoolean(1)) : (Guid.Empty, false);
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Information, "{Count} rows that were there before can be found now")]
    private static partial void LogFilled(ILogger logger, long count);

    [LoggerMessage(LogLevel.Error, "Rows that were there before could not all be made findable; the next start goes on with it")]
    private static partial void LogFailed(ILogger logger, Exception fault);
}
