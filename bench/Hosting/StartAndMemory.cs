using System.Diagnostics;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using ChargeCars.Testing;

namespace ChargeCars.Bench;

/// <summary>Start to first answer, memory at rest and memory after full rate, beside an empty Orleans host.</summary>
internal sealed class StartAndMemory : IBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public string Name => "start";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        await using var server = await BenchServer.StartAsync();
        var connectionString = await server.CreateDatabaseAsync();
        var data = Directory.CreateTempSubdirectory("chargecars-bench-host-").FullName;
        var (ours, empty) = (new List<Started>(), new List<Started>());
        for (var i = 0; i <= (run.Quick ? 2 : 5); i++)
        {
            var (host, beside) = (await OursAsync(connectionString, data, run), await EmptyAsync(run));
            // The first one makes the schema and fills the disk's cache.
            if (i > 0)
            {
                ours.Add(host);
                empty.Add(beside);
            }
        }

        var (seconds, emptySeconds) = (Median(ours, start => start.Seconds), Median(empty, start => start.Seconds));
        var (cpu, emptyCpu) = (Median(ours, start => start.Cpu), Median(empty, start => start.Cpu));
        var (memory, emptyMemory) = (Median(ours, start => start.Megabytes), Median(empty, start => start.Megabytes));
        return
        [
            new()
            {
                Work = "start of the process to the first answer, the database there", Result = $"{seconds:0.00} s",
                Baseline = $"an empty Orleans host: {emptySeconds:0.00} s", Ratio = seconds / emptySeconds, Aim = "< 2.5 s", Met = seconds < 2.5,
                Note = $"The median of {ours.Count}. Processor time until then: {cpu:0.0} s, of the empty host {emptyCpu:0.0} s.",
            },
            new()
            {
                Work = "resident memory of the host at rest", Result = $"{memory:0} MB", Baseline = $"an empty Orleans host: {emptyMemory:0} MB",
                Ratio = memory / emptyMemory, Aim = "< 180 MB", Met = memory < 180, Note = $"The median of {ours.Count}, {Rest(run).TotalSeconds:0} s after the start.",
            },
            await SustainedAsync(server, run),
        ];
    }

    private static TimeSpan Rest(BenchRun run) => TimeSpan.FromSeconds(run.Quick ? 3 : 10);

    private static async Task<Started> OursAsync(string connectionString, string data, BenchRun run)
    {
        await using var process = new HostProcess(BenchHost.EnvironmentOf(connectionString, data)) { Folder = ShippedProgram.Folder };
        var took = await process.StartAsync(Patience);
        var cpu = CpuMeter.SecondsOf(process.Id);
        await Task.Delay(Rest(run));
        var memory = CpuMeter.ResidentMegabytes(process.Id);
        await process.StopAsync();
        return new(took.TotalSeconds, cpu, memory);
    }

    private static async Task<Started> EmptyAsync(BenchRun run)
    {
        var url = new Uri($"http://127.0.0.1:{HostProcess.FreePort()}");
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(EmptyHost).Assembly.Location, EmptyHost.Argument, url.OriginalString]);
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        using var http = new HttpClient { BaseAddress = url };
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        try
        {
            while (true)
            {
                try
                {
                    using var answer = await http.GetAsync("/health/ready");
                    if (answer.IsSuccessStatusCode)
                    {
                        break;
                    }
                }
                catch (HttpRequestException) when (clock.Elapsed < Patience)
                {
                    // Not listening yet.
                }

                await Task.Delay(20);
            }

            var (took, cpu) = (clock.Elapsed.TotalSeconds, CpuMeter.SecondsOf(process.Id));
            await Task.Delay(Rest(run));
            return new(took, cpu, CpuMeter.ResidentMegabytes(process.Id));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<Measurement> SustainedAsync(BenchServer server, BenchRun run)
    {
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, 64 * FixSenders.VehiclesEach);
        using var screen = await Screen.OpenAsync(host);
        await screen.WatchAsync("""{"topics":["fleet"]}""");
        _ = Task.Run(screen.DiscardAsync);
        var load = ClosedLoop.RunAsync(
            await FixSenders.OpenAsync(host, 64, 50, FixSenders.Shape.ManyVehicles, 0), TimeSpan.FromSeconds(1), run.Sustained, host.MeterCpu);
        var peak = 0.0;
        while (await Task.WhenAny(load, Task.Delay(500)) != load)
        {
            peak = Math.Max(peak, CpuMeter.ResidentMegabytes(host.Id));
        }

        var result = await load;
        var end = CpuMeter.ResidentMegabytes(host.Id);
        await Task.Delay(Rest(run));
        return new()
        {
            Work = $"resident memory after {run.Sustained.TotalMinutes:0.#} min at full rate ({result.Rate:N0} fixes/s, a screen watching)", Result = $"{end:0} MB",
            Aim = "< 400 MB after an hour", Met = end < 400, Cpu = result.Cpu,
            Note = $"At most {peak:0} MB meanwhile, {CpuMeter.ResidentMegabytes(host.Id):0} MB {Rest(run).TotalSeconds:0} s later. The aim is for an hour: --minutes 60 measures that.",
        };
    }

    private static double Median(List<Started> starts, Func<Started, double> figure) => starts.Select(figure).Order().ElementAt(starts.Count / 2);

    /// <summary>One start.</summary>
    /// <param name="Seconds">Until the first answer.</param>
    /// <param name="Cpu">Processor seconds of the process until then.</param>
    /// <param name="Megabytes">Resident, some time later.</param>
    private sealed record Started(double Seconds, double Cpu, double Megabytes);
}
