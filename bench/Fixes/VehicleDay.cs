using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Running;
using Npgsql;

namespace ChargeCars.Bench;

/// <summary>One vehicle's day read back over HTTP while the history grows.</summary>
internal sealed class VehicleDay : IBenchmark
{
    /// <summary>A fix every thirty seconds.</summary>
    private const int FixesADay = 2_880;
    private const int Days = 29;

    public string Name => "day";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, 2_000);
        var today = DateTime.UtcNow.Date;
        var rows = new List<Measurement>();
        var (vehicles, first) = (0, 0.0);
        for (var fixes = 1_000_000L; fixes <= run.LargestHistory; fixes *= 10)
        {
            var wanted = (int)(fixes / FixesADay / Days) + 1;
            await FillAsync(host.Database, vehicles, wanted, today);
            vehicles = wanted;
            var latency = await ReadAsync(host, vehicles, today, run.Quick ? 30 : 200);
            first = rows.Count == 0 ? latency.P50 : first;
            rows.Add(new()
            {
                Work = $"one vehicle-day ({FixesADay:N0} fixes, all pages) read back from {(long)vehicles * Days * FixesADay:N0} stored",
                Result = $"p50 {latency.P50:0.0} ms", Latency = latency,
                Baseline = rows.Count == 0 ? null : $"from the smallest history: p50 {first:0.0} ms", Ratio = rows.Count == 0 ? null : latency.P50 / first,
                Aim = "p99 < 100 ms, flat", Met = latency.P99 < 100 && latency.P50 < 1.5 * first,
            });
        }

        return rows;
    }

    private static async Task FillAsync(NpgsqlDataSource database, int from, int to, DateTime today)
    {
        const string Insert = """
            INSERT INTO vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, accuracy, speed, heading, odometer, source)
            SELECT ('00000000-0000-7000-8000-' || lpad(v::text, 12, '0'))::uuid, $1 + n * interval '30 seconds', $1 + n * interval '30 seconds',
                51 + n / 10000.0, 4 + v / 10000.0, 5, 38.5, n % 360, n / 2.0, 'api'
            FROM generate_series(0, 2879) n, generate_series($2, $3 - 1) v
            """;
        await Parallel.ForEachAsync(
            Enumerable.Range(1, Days), new ParallelOptions { MaxDegreeOfParallelism = 2 },
            async (day, cancellation) =>
            {
                await using var command = database.CreateCommand(Insert);
                command.CommandTimeout = 0;
                command.Parameters.Add(new() { Value = DateTime.SpecifyKind(today.AddDays(-day), DateTimeKind.Utc) });
                command.Parameters.Add(new() { Value = from });
                command.Parameters.Add(new() { Value = to });
                await command.ExecuteNonQueryAsync(cancellation);
            });
        await using var settle = database.CreateCommand("ANALYZE vehicle_position");
        settle.CommandTimeout = 0;
        await settle.ExecuteNonQueryAsync();
        await using var checkpoint = database.CreateCommand("CHECKPOINT");
        checkpoint.CommandTimeout = 0;
        await checkpoint.ExecuteNonQueryAsync();
    }

    private static async Task<Percentiles> ReadAsync(BenchHost host, int vehicles, DateTime today, int times)
    {
        using var http = host.Client();
        var random = new Random(1);
        var latencies = new List<double>();
        for (var i = -10; i < times; i++)
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
