using System.Globalization;
using System.Text;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Positions.Days;

/// <summary>
/// The daily partitions of <c>vehicle_position</c>, <c>vehicle_position_yyyymmdd</c> by the fix's UTC date: those of the
/// days around today are made ahead, an older one when the first fix of its day comes, and retention drops them. None of
/// it takes a lock that a writer or reader of fixes waits for, and any number of hosts may do it at once.
/// </summary>
public sealed class PositionPartitions(
    NpgsqlDataSource source, TimeProvider time, IOptions<PositionOptions> options)
{
    /// <summary>
    /// How far around today partitions exist. Ahead, so that a week of retention runs may fail before an insert does;
    /// back, so that what trackers kept through a weekend waits for none.
    /// </summary>
    internal static readonly TimeSpan Around = TimeSpan.FromDays(7);

    /// <summary>Days made in one transaction: each takes locks, of which a server has a fixed number.</summary>
    private const int DaysAtOnce = 32;

    private const string Table = PositionDay.Table;

    /// <summary>
    /// Seconds that a detach waits for transactions that use the table. One that is left idle must not hold the
    /// retention service for ever: the detach is then interrupted, and finished by a later run.
    /// </summary>
    private const int DetachTimeout = 60;

    private const string ListSql = """
        SELECT child.relname, inherits.inhdetachpending
        FROM pg_inherits inherits JOIN pg_class child ON child.oid = inherits.inhrelid
        WHERE inherits.inhparent = 'vehicle_position'::regclass
        """;

    private const string FindSql = ListSql + " AND child.relname = ANY($1)";

    /// <summary>Tables that a run detached and died before dropping.</summary>
    private const string DetachedSql = """
        SELECT child.relname
        FROM pg_class child
        WHERE child.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'vehicle_position'::regclass)
          AND child.relkind = 'r' AND NOT child.relispartition AND child.relname ~ '^vehicle_position_[0-9]{8}$'
        """;

    /// <summary>Makes the partitions of the days around today; one query when they are there.</summary>
    /// <returns>How many were made.</returns>
    public Task<int> EnsureAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var back = options.Value.MaxAge < Around ? options.Value.MaxAge : Around;
        return EnsureAsync(PositionDay.Range(now - back, now + Around), ct);
    }

    /// <summary>Makes the partitions of these days; one query when they are there.</summary>
    /// <returns>How many were made.</returns>
    internal async Task<int> EnsureAsync(IEnumerable<PositionDay> days, CancellationToken ct)
    {
        var made = 0;
        foreach (var some in days.Distinct().Chunk(DaysAtOnce))
            made += await EnsureAsync(some, ct);
        return made;
    }

    /// <summary>
    /// Drops the days that are older than <see cref="PositionOptions.Retention"/>. Each detach waits for the
    /// transactions that used the table before it; nothing waits for the detach.
    /// </summary>
    /// <returns>How many were dropped; 0 also when another host is at it, or a day is being settled.</returns>
    public async Task<int> DropExpiredAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        // A session lock, as DETACH … CONCURRENTLY can't run in a transaction.
        await using (var tryLock = new NpgsqlCommand($"SELECT pg_try_advisory_lock({PositionDay.LockKey})", connection))
        {
            if (await tryLock.ExecuteScalarAsync(ct) is not true)
                return 0;
        }

        try
        {
            var partitions = await ListAsync(connection, ct);
            foreach (var (name, _) in partitions.Where(partition => partition.DetachPending))
                await ExecuteAsync(connection, $"ALTER TABLE {Table} DETACH PARTITION {name} FINALIZE", ct, DetachTimeout);
            foreach (var (name, _) in partitions.Where(partition => !partition.DetachPending && IsExpired(partition.Name)))
            {
                await ExecuteAsync(
                    connection, $"ALTER TABLE {Table} DETACH PARTITION {name} CONCURRENTLY", ct, DetachTimeout);
            }

            var dropped = 0;
            foreach (var name in (await DetachedAsync(connection, ct)).Where(IsExpired))
            {
                await DropAsync(connection, name, ct);
                dropped++;
            }

            return dropped;
        }
        finally
        {
            // A broken connection has given its lock back by itself.
            if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
                await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({PositionDay.LockKey})", CancellationToken.None);
        }
    }

    private async Task<int> EnsureAsync(PositionDay[] days, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        if ((await MissingAsync(connection, days, ct)).Count == 0)
            return 0;

        await using var transaction = await connection.BeginTransactionAsync(ct);
        // What ATTACH takes anyway, taken first: it keeps out another host that makes partitions, and no reader or
        // writer. An advisory lock would do the same, but whoever waits for one in a query holds a snapshot, which a
        // detach that another host finishes would wait for.
        await ExecuteAsync(connection, $"LOCK TABLE {Table} IN SHARE UPDATE EXCLUSIVE MODE", ct);
        var missing = await MissingAsync(connection, days, ct);
        if (missing.Count > 0)
            await ExecuteAsync(connection, CreateSql(missing), ct);
        await transaction.CommitAsync(ct);
        return missing.Count;
    }

    private static async Task<List<PositionDay>> MissingAsync(NpgsqlConnection connection, PositionDay[] days, CancellationToken ct)
    {
        var there = (await ListAsync(connection, ct, Array.ConvertAll(days, day => day.Partition))).Select(partition => partition.Name).ToHashSet();
        return [.. days.Where(day => !there.Contains(day.Partition))];
    }

    private bool IsExpired(string name) => PositionDay.Parse(name)?.End <= time.GetUtcNow() - options.Value.Retention;

    /// <summary>
    /// A new table takes the partition's range as a CHECK, so that ATTACH believes it without a scan; then it goes, as
    /// it would be tested again for every row.
    /// </summary>
    private static string CreateSql(List<PositionDay> days)
    {
        var sql = new StringBuilder();
        foreach (var day in days)
        {
            var (name, from, to) = (day.Partition, day.From, day.Until);
            sql.Append(CultureInfo.InvariantCulture, $"""
                CREATE TABLE {name} (LIKE {Table} INCLUDING ALL,
                    CONSTRAINT ck_range CHECK (fix_time >= {from} AND fix_time < {to}));
                ALTER TABLE {Table} ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to});
                ALTER TABLE {name} DROP CONSTRAINT ck_range;

                """);
        }

        return sql.ToString();
    }

    private static async Task<List<Partition>> ListAsync(NpgsqlConnection connection, CancellationToken ct, string[]? names = null)
    {
        var partitions = new List<Partition>();
        await using var command = new NpgsqlCommand(names is null ? ListSql : FindSql, connection);
        if (names is not null)
            command.Parameters.Add(new() { Value = names });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            partitions.Add(new(reader.GetString(0), reader.GetBoolean(1)));
        return partitions;
    }

    private static async Task<List<string>> DetachedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var tables = new List<string>();
        await using var command = new NpgsqlCommand(DetachedSql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            tables.Add(reader.GetString(0));
        return tables;
    }

    private async Task DropAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var context = new CommandContext(Guid.CreateVersion7(now), Actor.System);
        var audit = new AuditEntry(
            Table, Guid.Empty, "DELETE", RowJson.ForRow(new { partition = name }).Text, null, "Retention", AuditEntry.ContextOf(context, version: 0), now);
        // One implicit transaction: a day that is gone is on record.
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new($"DROP TABLE {name}"), audit.Alone(context) } };
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken ct, int timeout = 30)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = timeout };
        await command.ExecuteNonQueryAsync(ct);
    }

    private readonly record struct Partition(string Name, bool DetachPending);
}
