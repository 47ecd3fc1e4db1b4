using System.Net.Http.Json;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>What it costs that every fix is looked at for geofences.</summary>
internal sealed class FencedFixes : IBenchmark
{
    private const int Vehicles = 10_000;
    private const int Fences = 300;
    private const int Fixes = 50;

    public string Name => "geofences";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, Vehicles);
        var round = 0;
        // They wake, and what that writes is written.
        await MeasureAsync();
        // Before and after, so that a host that grows warmer does not make the fences cheap.
        var before = await MeasureAsync();
        await MakeFencesAsync(host);
        var fenced = await MeasureAsync();
        var inside = await CountAsync("SELECT count(*) FROM geofence_presence");
        await CountAsync("WITH off AS (UPDATE geofence SET is_active = false, version = version + 1 RETURNING 1) SELECT count(*) FROM off");
        var after = await MeasureAsync();
        var none = (before.Rate + after.Rate) / 2;
        return
        [
            new()
            {
                Work = $"durable fixes of {Vehicles:N0} vehicles among {Fences} geofences, half of them polygons of eight corners: batches of {Fixes}, a collector's",
                Result = $"{fenced.Rate:N0}/s", Latency = fenced.Latency, Baseline = $"no geofence, before and after: {none:N0}/s", Ratio = fenced.Rate / none,
                Cpu = fenced.Cpu, Note = $"{inside:N0} vehicles were inside a fence at the end.",
            },
        ];

        async Task<LoadResult> MeasureAsync() => await ClosedLoop.RunAsync(
            await FixSenders.OpenAsync(host, Vehicles / FixSenders.VehiclesEach, Fixes, FixSenders.Shape.ManyVehicles, round++),
            run.WarmUp, run.Measured, host.MeterCpu);

        async Task<long> CountAsync(string sql)
        {
            await using var command = host.Database.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync())!;
        }
    }

    /// <summary>Along the ten columns in which the vans drive, so that about a fifth of them is at one.</summary>
    private static async Task MakeFencesAsync(BenchHost host)
    {
        using var http = host.Client();
        for (var i = 0; i < Fences; i++)
        {
            var (latitude, longitude, name) = (51 + (i / 10 / 30.0), 4.05 + (i % 10 / 5.0), $"place {i}");
            using var made = await http.PostAsJsonAsync("/api/geofences", i % 2 == 0
                ? (object)new { name, shape = "circle", latitude, longitude, radiusMeters = 400 }
                : new { name, shape = "polygon", polygon = Enumerable.Range(0, 8).Select(corner => Corner(latitude, longitude, corner)) });
            made.EnsureSuccessStatusCode();
        }
    }

    private static object Corner(double latitude, double longitude, int corner) => new
    {
        latitude = latitude + (0.0036 * Math.Sin(corner * Math.PI / 4)),
        longitude = longitude + (0.0058 * Math.Cos(corner * Math.PI / 4)),
    };
}
