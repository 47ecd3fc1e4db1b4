using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace ChargeCars.Bench;

/// <summary>Grain calls a second in the whole host, call filters and all, beside a bare Orleans host with the same grain.</summary>
internal sealed class GrainCalls : IBenchmark
{
    private const int Callers = 64;
    private const int Grains = 1_000;

    public string Name => "grains";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        await using var server = await BenchServer.StartAsync();
        // Bare, ours, ours, bare: what drifts meanwhile falls on both alike.
        var bare = await BareAsync(run);
        var ours = await OursAsync(server, run);
        var oursAgain = await OursAsync(server, run);
        var bareAgain = await BareAsync(run);
        var (rate, baseline) = ((ours.Rate + oursAgain.Rate) / 2, (bare.Rate + bareAgain.Rate) / 2);
        return
        [
            new()
            {
                Work = $"grain calls in the host, {Callers} callers over {Grains:N0} grains", Result = $"{rate:N0}/s",
                Baseline = $"a bare Orleans host, the same grain: {baseline:N0}/s", Ratio = rate / baseline,
                Aim = "0.9×", Met = rate >= 0.9 * baseline, Cpu = ours.Cpu,
                Note = "Host and callers are in this process: the first figure of CPU is both. The mean of two runs each.",
            },
        ];
    }

    private static async Task<LoadResult> BareAsync(BenchRun run)
    {
        using var host = new HostBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .UseOrleans(silo => silo.UseLocalhostClustering(HostProcess.FreePort(), HostProcess.FreePort()))
            .Build();
        await host.StartAsync();
        var result = await CallAsync(host.Services, run);
        await host.StopAsync();
        return result;
    }

    private static async Task<LoadResult> OursAsync(BenchServer server, BenchRun run)
    {
        var data = Directory.CreateTempSubdirectory("chargecars-bench-host-");
        await using var host = await ChargeCarsHost.StartAsync(InProcess.Arguments(await server.CreateDatabaseAsync(), data.FullName));
        return await CallAsync(host.App.Services, run);
    }

    private static Task<LoadResult> CallAsync(IServiceProvider services, BenchRun run)
    {
        var factory = services.GetRequiredService<IGrainFactory>();
        var grains = Enumerable.Range(0, Grains).Select(number => factory.GetGrain<IEchoGrain>(number)).ToArray();
        // Many calls an operation: a clock read for each would be part of the figure.
        var callers = Enumerable.Range(0, Callers).Select(caller => (Func<Task<int>>)(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await grains[((i * 7) + (caller * 31)) % Grains].EchoAsync(i);
            }

            return 100;
        }));
        return ClosedLoop.RunAsync([.. callers], run.WarmUp / 2, run.Measured / 2, () => new CpuMeter(null, null));
    }
}

/// <summary>The least that a grain can do.</summary>
[Alias("ChargeCars.Bench.IEchoGrain")]
public interface IEchoGrain : IGrainWithIntegerKey
{
    [Alias("echo")]
    Task<int> EchoAsync(int value);
}

/// <inheritdoc/>
public sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<int> EchoAsync(int value) => Task.FromResult(value);
}
