using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>How old a position is when it comes to a screen.</summary>
internal sealed class Screens : IBenchmark
{
    private const int Vehicles = 10_000;
    private const int ScreenCount = 100;

    public string Name => "screens";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await SleepingFleet.MakeAsync(host, Vehicles);
        using var audience = await Audience.OpenAsync(host, ScreenCount);
        return
        [
            await WakeAsync(),
            await MeasureAsync("sent in batches of 50", 50, 32),
            await MeasureAsync("sent one a request", 1, 1_000),
        ];

        async Task<Measurement> WakeAsync()
        {
            var cpu = host.MeterCpu();
            var paced = await PacedFixes.StartAsync(host, Vehicles, 50, 32);
            var took = await SleepingFleet.AwakeAsync(host, audience, Vehicles);
            await paced.DisposeAsync();
            return new()
            {
                Work = $"cold start: all of {Vehicles:N0} vehicles that slept are on a screen again, from the first fix on",
                Result = $"{took.TotalSeconds:0.0} s", Cpu = cpu.Stop(),
                Note = "The host was just started; the vehicles send once a second in batches of 50, so a second of it is the wait for the last one's turn.",
            };
        }

        async Task<Measurement> MeasureAsync(string how, int fixesEach, int lines)
        {
            var paced = await PacedFixes.StartAsync(host, Vehicles, fixesEach, lines);
            await Task.Delay(run.WarmUp);
            await paced.OnTimeAsync(TimeSpan.FromSeconds(20));
            audience.Take();
            var (cpu, bytes, sent) = (host.MeterCpu(), audience.Bytes, paced.Sent);
            await Task.Delay(run.Measured);
            var (used, ages, memory) = (cpu.Stop(), audience.Take(), CpuMeter.ResidentMegabytes(host.Id));
            var (mega, rate) = ((audience.Bytes - bytes) / 1e6 / used.Seconds, (paced.Sent - sent) / used.Seconds);
            await paced.DisposeAsync();
            var age = Percentiles.Of(ages);
            return new()
            {
                Work = $"fix sent → on a screen: {Vehicles:N0} vehicles at 1 Hz {how}, {ScreenCount} screens of 1,000 vehicles each",
                Result = $"p99 {age.P99:0.0} ms", Latency = age, Aim = "p99 < 50 ms", Met = age.P99 < 50 && rate > 0.99 * Vehicles, Cpu = used,
                Note = $"{rate:N0} fixes/s were taken and {mega:0.0} MB/s went to the screens; every position that came to one screen of each area is in the figure ({ages.Count:N0}). Resident memory of the host: {memory:0} MB.",
            };
        }
    }
}
