using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Running;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Bench;

/// <summary>One vehicle's day read back over HTTP from ever longer histories, before their days are settled and after.</summary>
internal sealed class VehicleDay : IBenchmark
{
    /// <summary>A fix every thirty seconds.</summary>
    private const int FixesADay = 2_880;
    private const int Days = 29;

    public string Name => "day";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        await using var server = await BenchServer.StartAsync();
        var today = DateTime.UtcNow.Date;
        var rows = new List<Measurement>();
        var first = 0.0;
        for (var fixes = 1_000_000L; fixes <= run.LargestHistory; fixes *= 10)
        {
            var vehicles = (int)(fixes / FixesADay / Days) + 1;
            var stored = (long)vehicles * Days * FixesADay;
            // A database each: days that are settled are not settled again.
            await using var host = await BenchHost.StartAsync(server);
            await Vans.MakeAsync(host.Database, vehicles);
            var clock = Stopwatch.StartNew();
            await FillAsync(host.Database, vehicles, today);
            var loaded = clock.Elapsed;
            var asLoaded = await ReadAsync(host, vehicles, today, run.Quick ? 30 : 200);
            var settled = await SettleAsync(host);
            var latency = await ReadAsync(host, vehicles, today, run.Quick ? 30 : 200);
            var work = $"one vehicle-day ({FixesADay:N0} fixes, all pages) read back from {stored:N0} stored";
            rows.Add(new()
            {
                Work = $"{work}, none of the days settled", Result = $"p50 {asLoaded.P50:0.0} ms", Latency = asLoaded,
                Note = $"Loaded by COPY in {loaded.TotalSeconds:0} s, in the order of time, so that a vehicle's fixes lie apart as they do when they come one by one, as today's and yesterday's do.",
            });
            rows.Add(new()
            {
                Work = $"{work}, settled", Result = $"p50 {latency.P50:0.0} ms", Latency = latency,
                Baseline = first == 0 ? null : $"from the smallest history: p50 {first:0.0} ms", Ratio = first == 0 ? null : latency.P50 / first,
                Aim = "p99 < 100 ms, flat", Met = latency.P99 < 100 && (first == 0 || latency.P50 < 1.5 * first),
                Note = $"The host settled the {Days} days in {settled.TotalSeconds:0} s, {settled.TotalSeconds / stored * 1e6:0.0} s for a million fixes.",
            });
            first = first == 0 ? latency.P50 : first;
        }

        return rows;
    }

    /// <summary>As the host does it by itself, but at once: it is started anew, and waited for until the last day has its mark.</summary>
    private static async Task<TimeSpan> SettleAsync(BenchHost host)
    {
        var clock = Stopwatch.StartNew();
        await host.RestartWithAsync(
            ("ChargeCars__Positions__Settle", "true"), ("ChargeCars__Positions__SettleAfter", "00:00:00"),
            ("ChargeCars__Positions__SettleInterval", "00:00:01"));
        await using var settled = host.Database.CreateCommand("""
            SELECT count(*) FROM pg_inherits
            WHERE inhparent = 'vehicle_position'::regclass AND obj_description(inhrelid, 'pg_class') LIKE 'settled %'
            """);
        while (await settled.ExecuteScalarAsync() is not (long)Days)
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(30))
            {
                throw new TimeoutException($"The days are not settled after {clock.Elapsed}:\n{host.Output}");
            }

            await Task.Delay(200);
        }

        var took = clock.Elapsed;
        await ExecuteAsync(host.Database, "CHECKPOINT");
        return took;
    }

    /// <summary>
    /// Fixes straight into the table, a COPY a day, in the columns that the host writes and in the order in which they
    /// would have come: a vehicle's are as far apart on disk as the fleet is large.
    /// </summary>
    private static async Task FillAsync(NpgsqlDataSource database, int vehicles, DateTime today)
    {
        var days = PositionDay.Range(new DateTimeOffset(today.AddDays(-Days), TimeSpan.Zero), new DateTimeOffset(today, TimeSpan.Zero));
        await new PositionPartitions(database, TimeProvider.System, Options.Create(new PositionOptions())).EnsureAsync(days, CancellationToken.None);
        await Parallel.ForEachAsync(
            Enumerable.Range(1, Days), new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (day, cancellation) => await CopyDayAsync(database, vehicles, DateTime.SpecifyKind(today.AddDays(-day), DateTimeKind.Utc), cancellation));
        // As autovacuum leaves it in time.
        await ExecuteAsync(database, "VACUUM (ANALYZE) vehicle_position");
        await ExecuteAsync(database, "CHECKPOINT");
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    private static async Task CopyDayAsync(NpgsqlDataSource database, int vehicles, DateTime day, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var copy = await connection.BeginBinaryImportAsync("""
            COPY vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, accuracy, speed, heading, altitude, ignition, odometer, source)
            FROM STDIN (FORMAT BINARY)
            """, cancellation);
        copy.Timeout = TimeSpan.FromMinutes(30);
        var ids = Enumerable.Range(0, vehicles).Select(Vans.IdOf).ToArray();
        for (var n = 0; n < FixesADay; n++)
        {
            for (var vehicle = 0; vehicle < vehicles; vehicle++)
            {
                var at = day.AddSeconds(n * 30);
                copy.StartRow();
                copy.Write(ids[vehicle], NpgsqlDbType.Uuid);
                copy.Write(at, NpgsqlDbType.TimestampTz);
                copy.Write(at.AddSeconds(1), NpgsqlDbType.TimestampTz);
                copy.Write(51 + (n / 10_000.0), NpgsqlDbType.Double);
                copy.Write(4 + (vehicle / 10_000.0), NpgsqlDbType.Double);
                copy.Write(5.0, NpgsqlDbType.Double);
                copy.Write(38.5, NpgsqlDbType.Double);
                copy.Write((double)(n % 360), NpgsqlDbType.Double);
                copy.Write(1.5, NpgsqlDbType.Double);
                copy.Write(true, NpgsqlDbType.Boolean);
                copy.Write(n / 2.0, NpgsqlDbType.Double);
                copy.Write("api", NpgsqlDbType.Text);
            }
        }

        await copy.CompleteAsync(cancellation);
    }

    private static async Task<Percentiles> ReadAsync(BenchHost host, int vehicles, DateTime today, int times)
    {
        using var http = host.Client();
        var random = new Random(1);
        var latencies = new List<double>();
        for (var i = -60; i < times; i++)
        {
            var (vehicle, day) = (random.Next(vehicles), today.AddDays(-1 - random.Next(Days)));
            var clock = Stopwatch.StartNew();
            var fixes = await ReadDayAsync(http, vehicle, day);
            var took = clock.Elapsed.TotalMilliseconds;
            if (fixes != FixesADay)
            {
                throw new InvalidOperationException($"The day has {fixes} fixes, not {FixesADay}.");
            }

            // The first ones compile the code.
            if (i >= 0)
            {
                latencies.Add(took);
            }
        }

        return Percentiles.Of(latencies);
    }

    private static async Task<int> ReadDayAsync(HttpClient http, int vehicle, DateTime day)
    {
        var count = 0;
        string? cursor = null;
        do
        {
            var path = string.Create(
                CultureInfo.InvariantCulture,
                $"/api/vehicles/{Vans.IdOf(vehicle)}/positions?from={day:yyyy-MM-dd}T00:00:00Z&to={day.AddDays(1):yyyy-MM-dd}T00:00:00Z&limit=500{(cursor is null ? "" : $"&cursor={cursor}")}");
            using var page = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri(path, UriKind.Relative)));
            count += page.RootElement.GetProperty("items").GetArrayLength();
            cursor = page.RootElement.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        return count;
    }
}
