using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>Who is nearest of 100,000 vehicles, at rest and while a tenth of them moves every second.</summary>
internal sealed class NearestOfMany : IBenchmark
{
    private const int Vehicles = 100_000;
    private const int Moving = 10_000;
    private const double Aim = 20;

    // All over the country and heard of just now; one in five can't take a job.
    private const string Spread = """
        UPDATE vehicle SET last_location_update = now(), is_available = mod(hashtext(license_plate), 5) <> 0,
            current_location = jsonb_build_object('latitude', 50.8 + random() * 2.6, 'longitude', 3.4 + random() * 3.6, 'accuracy_meters', 5)
        """;

    public string Name => "nearest";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server, ("ChargeCars__Positions__StaleAfter", "12:00:00"), ("ChargeCars__Positions__OfflineAfter", "1.00:00:00"));
        await Vans.MakeAsync(host.Database, Vehicles);
        await using (var spread = host.Database.CreateCommand(Spread + "; ANALYZE vehicle"))
        {
            await spread.ExecuteNonQueryAsync();
        }

        // The host tells of each van that it is heard of; that is not what is measured.
        await SleepingFleet.UntilAsync(host, "SELECT count(*) FROM vehicle_freshness", Vehicles);
        await host.RestartAsync();
        var still = await AskAsync(1);
        var busy = await AskAsync(16);
        var paced = await PacedFixes.StartAsync(host, Moving, 50, 16);
        await paced.OnTimeAsync(TimeSpan.FromSeconds(20));
        var moving = await AskAsync(1);
        // Under the same load, a request that does nothing: what that waits for is the machine's.
        var nothing = await NothingAsync();
        await paced.DisposeAsync();
        var memory = CpuMeter.ResidentMegabytes(host.Id);
        return
        [
            Row("one caller", still, null),
            Row("16 callers", busy, null),
            Row($"one caller, while {Moving:N0} vehicles send a fix a second", moving, FormattableString.Invariant(
                $"A request that does nothing (GET /health/live) under the same load: p50 {nothing.Latency.P50:0.0}, p99 {nothing.Latency.P99:0.0} ms. Resident memory of the host at the end: {memory:0} MB.")),
        ];

        Measurement Row(string how, LoadResult load, string? note) => new()
        {
            Work = $"GET /api/vehicles/nearest among {Vehicles:N0} vehicles, the best 10, {how}", Result = $"{load.Rate:N0}/s", Latency = load.Latency,
            Aim = how == "16 callers" ? "" : $"{Aim:0} ms", Met = how == "16 callers" ? null : load.Latency.P99 < Aim, Cpu = load.Cpu, Note = note,
        };

        async Task<LoadResult> NothingAsync()
        {
            var line = await HttpLine.OpenAsync(host.Url);
            return await ClosedLoop.RunAsync(
                [async () =>
                {
                    var (status, body) = await line.AskAsync(Requests.Get(host, "/health/live", "Accept: */*"));
                    return status == 200 ? 1 : throw Requests.Unexpected(status, body);
                }],
                run.WarmUp / 2, run.Measured / 2);
        }

        async Task<LoadResult> AskAsync(int callers)
        {
            var asking = await Task.WhenAll(Enumerable.Range(0, callers).Select(async number =>
            {
                var (line, random) = (await HttpLine.OpenAsync(host.Url), new Random(number));
                return (Func<Task<int>>)(async () =>
                {
                    var place = FormattableString.Invariant($"latitude={51 + (random.NextDouble() * 2):0.####}&longitude={4 + (random.NextDouble() * 2.5):0.####}");
                    var (status, body) = await line.AskAsync(Requests.Get(host, $"/api/vehicles/nearest?{place}", $"X-Api-Key: {host.Key}"));
                    return status == 200 ? 1 : throw Requests.Unexpected(status, body);
                });
            }));
            return await ClosedLoop.RunAsync(asking, run.WarmUp / 2, run.Measured / 2, host.MeterCpu);
        }
    }
}
