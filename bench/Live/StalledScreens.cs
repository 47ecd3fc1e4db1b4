using System.Diagnostics;
using System.Net.Sockets;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>Two of two hundred screens stop reading: what the others feel of it.</summary>
internal sealed class StalledScreens : IBenchmark
{
    private const int Vehicles = 10_000;

    private const int ScreenCount = 200;

    public string Name => "stalled";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        // Not on the disk: a position is shown when it is stored, so a disk that stalls for half a second, as a shared one does
        // at any moment, would decide the 99th percentile of the half that it falls in.
        await using var server = await BenchServer.StartInMemoryAsync();
        await using var host = await BenchHost.StartAsync(server);
        await SleepingFleet.MakeAsync(host, Vehicles);
        using var audience = await Audience.OpenAsync(host, ScreenCount - 2);
        var paced = await PacedFixes.StartAsync(host, Vehicles, 50, 32);
        await SleepingFleet.AwakeAsync(host, audience, Vehicles);
        await Task.Delay(run.WarmUp);
        var (before, after) = (new List<double>(), new List<double>());
        CpuUse? used = null;
        var (rounds, dropped) = (run.Quick ? 1 : 3, 0);
        var each = new List<string>();
        for (var round = 0; round < rounds; round++)
        {
            var (readingBefore, stalledBefore) = (before.Count, after.Count);
            dropped += await RoundAsync();
            each.Add($"{Percentiles.Of(before[readingBefore..]).P99:0} and {Percentiles.Of(after[stalledBefore..]).P99:0}");
        }

        await paced.DisposeAsync();
        var (reading, stalled, open) = (Percentiles.Of(before), Percentiles.Of(after), audience.Open);
        return
        [
            new()
            {
                Work = $"{Vehicles:N0} vehicles at 1 Hz, two of {ScreenCount} screens stop reading: positions' age on the others", Result = $"p99 {stalled.P99:0.0} ms", Latency = stalled,
                Baseline = $"all reading: p99 {reading.P99:0.0} ms", Ratio = stalled.P99 / reading.P99, Aim = "unchanged; the two dropped",
                Met = dropped == 2 * rounds && open == ScreenCount - 2 && stalled.P99 < Math.Max(1.25 * reading.P99, reading.P99 + 5), Cpu = used,
                Note = $"{dropped} of {2 * rounds} were dropped by the host, {open} of the others are open. {rounds} × {Span(run).TotalSeconds:0} s in which all read and as long in which two do not, in turn: p99 {string.Join(", ", each)} ms.",
            },
        ];

        async Task<int> RoundAsync()
        {
            using var through = new HttpMessageInvoker(SmallWindow());
            using var first = await Screen.OpenAsync(host, through: through);
            using var second = await Screen.OpenAsync(host, through: through);
            using var stall = new CancellationTokenSource();
            var reading = new[] { first, second }.Select(screen => ReadUntilAsync(screen, stall.Token)).ToArray();
            // That two open is nothing of what is measured: they are sent the whole fleet.
            await Task.Delay(run.WarmUp);
            audience.Take();
            await Task.Delay(Span(run));
            before.AddRange(audience.Take());
            await stall.CancelAsync();
            var cpu = host.MeterCpu();
            await Task.Delay(Span(run));
            used = cpu.Stop();
            after.AddRange(audience.Take());
            var count = 0;
            for (var i = 0; i < 2; i++)
            {
                count += await reading[i] && await IsDroppedAsync(i == 0 ? first : second) ? 1 : 0;
            }

            return count;
        }
    }

    // Long enough that the two are found out: buffers fill, then the write's time-out.
    private static TimeSpan Span(BenchRun run) => TimeSpan.FromSeconds(run.Quick ? 25 : 30);

    /// <summary>As the others do, until it is told to stall; whether the connection was there until then.</summary>
    private static async Task<bool> ReadUntilAsync(Screen screen, CancellationToken stall)
    {
        await screen.WatchAsync("""{"topics":["fleet"]}""");
        var lastPing = Stopwatch.StartNew();
        while (!stall.IsCancellationRequested)
        {
            if (await screen.NextAsync() is null)
            {
                return false;
            }

            if (lastPing.Elapsed > TimeSpan.FromSeconds(5))
            {
                await screen.PingAsync();
                lastPing.Restart();
            }
        }

        return true;
    }

    /// <summary>Whether the end comes once it reads again: whoever was kept gets fresh positions for as long as it likes.</summary>
    private static async Task<bool> IsDroppedAsync(Screen screen)
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(10))
        {
            if (await screen.NextAsync() is null)
            {
                return true;
            }
        }

        return false;
    }

    // What the kernel takes in for one that does not read is not to hide it for minutes.
    private static SocketsHttpHandler SmallWindow() => new()
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = 8 * 1024 };
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
