using System.Diagnostics;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>All dispatchers come back at once after a restart of the host, and each asks for the whole fleet.</summary>
internal sealed class Reconnect : IBenchmark
{
    private const int Vehicles = 10_000;
    private const int ScreenCount = 200;

    // What a van of the fleet carries, so that a snapshot is as large as a real one.
    private const string Describe = """
        UPDATE vehicle SET vehicle_name = 'Van ' || license_plate, brand_model = 'Mercedes-Benz eVito', year = 2024, mileage_km = 41000,
            insurance_expiry = '2031-01-01', maintenance_due = '2031-01-01', last_location_update = now() - interval '1 day',
            current_location = '{"latitude": 52.370216, "longitude": 4.895168, "accuracy_meters": 5, "speed_kmh": 0, "heading_degrees": 90}'
        """;

    public string Name => "reconnect";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, Vehicles);
        await using (var describe = host.Database.CreateCommand(Describe))
        {
            await describe.ExecuteNonQueryAsync();
        }

        await host.RestartAsync();
        var screens = new List<Screen>();
        for (var i = 0; i < ScreenCount; i++)
        {
            screens.Add(await Screen.OpenAsync(host));
        }

        await Task.Delay(run.WarmUp);
        var before = CpuMeter.ResidentMegabytes(host.Id);
        var (cpu, clock) = (host.MeterCpu(), Stopwatch.StartNew());
        var answers = await Task.WhenAll(screens.Select(async screen =>
        {
            var bytes = await screen.SkipAnswerAsync("""{"topics":["fleet"]}""");
            return (Bytes: bytes, Took: clock.Elapsed.TotalMilliseconds);
        }));
        var (used, most) = (cpu.Stop(), CpuMeter.MostResidentMegabytes(host.Id));
        screens.ForEach(screen => screen.Dispose());
        var latency = Percentiles.Of([.. answers.Select(answer => answer.Took)]);
        return
        [
            new()
            {
                Work = $"{ScreenCount} screens watch the whole fleet of {Vehicles:N0} vehicles at once, after a restart of the host",
                Result = $"{most - before:0} MB more", Latency = latency, Cpu = used,
                Note = $"Resident memory of the host was {before:0} MB before and {most:0} MB at most; a snapshot has {answers[0].Bytes / 1e6:0.0} MB. Latency is from the first call on.",
            },
        ];
    }
}
