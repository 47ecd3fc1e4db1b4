using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>What a connection costs that nothing is sent to.</summary>
internal sealed class IdleScreens : IBenchmark
{
    public string Name => "idle";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        var count = run.Quick ? 500 : 2_000;
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, 1);
        // The first ones bring the code and the pools that all share.
        var screens = await ConnectAsync(host, 100);
        await Task.Delay(run.WarmUp);
        var before = CpuMeter.ResidentMegabytes(host.Id);
        for (var i = 0; i < count; i += 50)
        {
            screens.AddRange(await ConnectAsync(host, 50));
        }

        var cpu = host.MeterCpu();
        await Task.Delay(run.Measured);
        var used = cpu.Stop();
        var after = CpuMeter.ResidentMegabytes(host.Id);
        var open = screens.Count(screen => screen.IsOpen);
        screens.ForEach(screen => screen.Dispose());
        return
        [
            new()
            {
                Work = $"{count:N0} idle hub connections, each watching one vehicle", Result = $"{(after - before) * 1000 / count:0} KB each", Cpu = used,
                Note = $"{open:N0} of {count + 100:N0} were open at the end; resident memory of the host from {before:0} to {after:0} MB, no collection forced.",
            },
        ];
    }

    private static async Task<List<Screen>> ConnectAsync(BenchHost host, int count) =>
        [.. await Task.WhenAll(Enumerable.Range(0, count).Select(async number =>
        {
            var screen = await Screen.OpenAsync(host, 8 * 1024);
            await screen.WatchAsync($$"""{"topics":["fleet"],"vehicleIds":["{{Vans.IdOf(0)}}"]}""");
            _ = Task.Run(screen.DiscardAsync);
            return screen;
        }))];
}
