using System.Diagnostics;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>100,000 vehicles wake after a start: each sends its first fix, 10,000 a second are offered.</summary>
internal sealed class Waking : IBenchmark
{
    private const int Vehicles = 100_000;
    private const int Rate = 10_000;
    private const int InARequest = 50;
    private const int Lines = 32;

    public string Name => "wake";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await SleepingFleet.MakeAsync(host, Vehicles);
        var requests = Enumerable.Range(0, Vehicles / InARequest)
            .Select(number => new FixRequest(host, [.. Enumerable.Range(number * InARequest, InARequest)], InARequest)).ToArray();
        var lines = await Task.WhenAll(Enumerable.Range(0, Lines).Select(_ => HttpLine.OpenAsync(host.Url)));
        var transactions = await TransactionsAsync(host);
        var (cpu, clock, refused) = (host.MeterCpu(), Stopwatch.StartNew(), 0);
        await Task.WhenAll(lines.Select((line, index) => Task.Run(async () =>
        {
            for (var number = index; number < requests.Length; number += Lines)
            {
                var wait = TimeSpan.FromSeconds((double)number * InARequest / Rate) - clock.Elapsed;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait);
                }

                // A tracker whose report is refused sends it again.
                while (true)
                {
                    var (status, body) = await line.AskAsync(requests[number].At(DateTime.UtcNow));
                    if (status == 200)
                    {
                        break;
                    }

                    if (status != 503)
                    {
                        throw Requests.Unexpected(status, body);
                    }

                    Interlocked.Increment(ref refused);
                    await Task.Delay(100);
                }
            }
        })));
        var (took, used) = (clock.Elapsed.TotalSeconds, cpu.Stop());
        foreach (var line in lines)
        {
            line.Dispose();
        }

        var each = (await TransactionsAsync(host) - transactions) / Vehicles;
        return
        [
            new()
            {
                Work = $"{Vehicles:N0} vehicles that slept wake after a start, {Rate:N0} fixes/s offered: all are taken", Result = $"{took:0.0} s",
                Aim = "none refused", Met = refused == 0, Cpu = used,
                Note = FormattableString.Invariant(
                    $"{refused:N0} of {requests.Length:N0} requests of {InARequest} were refused at first and sent again; {each:0.00} transactions a vehicle, with what is written of it; resident memory of the host {CpuMeter.ResidentMegabytes(host.Id):0} MB. {Vehicles / Rate} s is the least, by the rate."),
            },
        ];
    }

    // Backends report what they did within a second of becoming idle.
    private static async Task<double> TransactionsAsync(BenchHost host)
    {
        await Task.Delay(TimeSpan.FromSeconds(2));
        await using var select = host.Database.CreateCommand("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()");
        return (long)(await select.ExecuteScalarAsync())!;
    }
}
