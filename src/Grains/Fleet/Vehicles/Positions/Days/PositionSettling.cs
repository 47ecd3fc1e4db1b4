using ChargeCars.Platform.Storage;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Positions.Days;

/// <summary>
/// Settles days of <c>vehicle_position</c> that are over: fixes lie on disk as they came, a vehicle's as far apart as the
/// fleet is large, and a settled day has each vehicle's on pages that adjoin. Nobody who reads or writes fixes waits for it
/// longer than for some tens of milliseconds, and no fix is lost or comes back. Any number of hosts may do it; one at a time does.
/// </summary>
public sealed class PositionSettling(
    NpgsqlDataSource source, TimeProvider time, IOptions<PositionOptions> options, ILogger<PositionSettling> logger)
{
    /// <summary>How a settled partition's comment begins; the moment follows. A dump keeps it, as it keeps the order.</summary>
    internal const string Mark = "settled ";

    /// <summary>How often a lock is asked for, the last time a minute and a half after the first: an autovacuum is over by then.</summary>
    private const int Attempts = 8;

    /// <summary>Rounds of catching up before the swap is tried all the same; it refuses what is too much.</summary>
    private const int Rounds = 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>The newest first: people look at them most, and the oldest are the next to be dropped. An empty day has nothing to settle.</summary>
    private const string UnsettledSql = $"""
        SELECT child.relname
        FROM pg_inherits inherits JOIN pg_class child ON child.oid = inherits.inhrelid
        WHERE inherits.inhparent = '{PositionDay.Table}'::regclass AND NOT inherits.inhdetachpending
            AND coalesce(obj_description(child.oid, 'pg_class'), '') NOT LIKE '{Mark}%' AND pg_relation_size(child.oid) > 0
        ORDER BY child.relname DESC
        """;

    /// <summary>Settles the days that ended <see cref="PositionOptions.SettleAfter"/> ago, one after the other.</summary>
    /// <returns>How many were settled.</returns>
    public async Task<int> SettleAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        if (await ScalarAsync(connection, PositionDaySettling.HasDebris, ct) is true)
            await LockedAsync(connection, () => PositionDaySettling.ClearAsync(connection, ct));

        var settled = 0;
        foreach (var day in await UnsettledAsync(connection, ct))
        {
            // The lock is given back after each day, so that retention gets its turn.
            settled += await LockedAsync(connection, () => TrySettleAsync(connection, day, ct)) ? 1 : 0;
        }

        return settled;
    }

    private async Task<bool> TrySettleAsync(NpgsqlConnection connection, PositionDay day, CancellationToken ct)
    {
        // Another host may have settled or dropped it since.
        if (!(await UnsettledAsync(connection, ct)).Contains(day))
            return false;
        var done = false;
        try
        {
            done = await SettleAsync(connection, day, ct);
        }
        catch (Exception fault) when (IsTheDaysFault(fault))
        {
            logger.LogError(fault, "Could not settle {Partition}; it stays as it is, and is tried again in {Interval}", day.Partition, options.Value.SettleInterval);
        }
        finally
        {
            if (!done && IsOpen(connection))
                await PositionDaySettling.ClearAsync(connection, CancellationToken.None);
        }

        return done;
    }

    private async Task<bool> SettleAsync(NpgsqlConnection connection, PositionDay day, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var steps = new PositionDaySettling(connection, day);
        await PositionDaySettling.ClearAsync(connection, ct);
        if (!await InsistAsync(() => steps.PrepareAsync(ct), ct))
        {
            LogInUse(day);
            return false;
        }

        await using (var reader = await OpenAsync(ct))
            await steps.CopyAsync(reader, ct);

        var (changes, locked) = (0L, TimeSpan.Zero);
        var swapped = await InsistAsync(
            async () =>
            {
                var round = 0;
                int found;
                do
                {
                    changes += found = await steps.CatchUpAsync(ct);
                }
                while (found > PositionDaySettling.MostWhileLocked && ++round < Rounds);

                var asked = Stopwatch.GetTimestamp();
                var given = await steps.SwapAsync(time.GetUtcNow(), ct);
                locked = Stopwatch.GetElapsedTime(asked);
                return given;
            },
            ct);
        if (!swapped)
        {
            LogInUse(day);
            return false;
        }

        logger.LogInformation(
            "Settled {Partition}: about {Rows} positions in {Seconds:0.0} s, {Changes} changed meanwhile; readers and writers waited {Milliseconds:0} ms at most",
            day.Partition, await ScalarAsync(connection, $"SELECT reltuples::bigint FROM pg_class WHERE oid = '{day.Partition}'::regclass", ct),
            Stopwatch.GetElapsedTime(started).TotalSeconds, changes, locked.TotalMilliseconds);
        return true;

        void LogInUse(PositionDay day) => logger.LogInformation(
            "{Partition} is in use, by an autovacuum, a dump or a long transaction; it is settled another time", day.Partition);
    }

    /// <summary>Days that are over long enough and have fixes that lie as they came.</summary>
    private async Task<List<PositionDay>> UnsettledAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var days = new List<PositionDay>();
        if (!options.Value.Settle)
            return days;

        var until = time.GetUtcNow() - options.Value.SettleAfter;
        await using var command = new NpgsqlCommand(UnsettledSql, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            if (PositionDay.Parse(row.GetString(0)) is { } day && day.End <= until)
                days.Add(day);
        }

        return days;
    }

    /// <summary>Only where no other host settles or drops days.</summary>
    private static async Task<bool> LockedAsync(NpgsqlConnection connection, Func<Task<bool>> work)
    {
        if (await ScalarAsync(connection, $"SELECT pg_try_advisory_lock({PositionDay.LockKey})", CancellationToken.None) is not true)
            return false;
        try
        {
            return await work();
        }
        finally
        {
            // A broken connection has given its lock back by itself.
            if (IsOpen(connection))
                await ScalarAsync(connection, $"SELECT pg_advisory_unlock({PositionDay.LockKey})", CancellationToken.None);
        }
    }

    private async Task<bool> InsistAsync(Func<Task<bool>> attempt, CancellationToken ct)
    {
        var pause = FirstPause;
        for (var i = 1; ; i++)
        {
            if (await attempt())
                return true;
            if (i == Attempts)
                return false;
            await Task.Delay(pause, time, ct);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Another day may well succeed; not so where disk or memory are full, or the server is gone.</summary>
    private static bool IsTheDaysFault(Exception fault) => fault switch
    {
        PostgresException refused => !refused.SqlState.StartsWith("53", StringComparison.Ordinal) && !refused.SqlState.StartsWith("57", StringComparison.Ordinal),
        InvalidOperationException => true,
        _ => false,
    };

    /// <summary>Not of the pool: the first row of a large day comes when it is sorted, later than any other command takes.</summary>
    private async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString) { CommandTimeout = 0, Pooling = false, MaxAutoPrepare = 0 };
        await using var pooled = source.CreateConnection();
        var connection = pooled.CloneWith(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static bool IsOpen(NpgsqlConnection connection) => connection.FullState.HasFlag(System.Data.ConnectionState.Open);

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }
}
