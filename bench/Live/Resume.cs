using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>A screen that comes back after it missed a thousand changes.</summary>
internal sealed class Resume : IBenchmark
{
    private const int Gap = 1_000;

    public string Name => "resume";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, 100);
        using (var line = await HttpLine.OpenAsync(host.Url))
        {
            for (var i = 0; i < Gap; i++)
            {
                var path = $"/api/vehicles/{Vans.IdOf(i % 100)}/actions/{(i / 100 % 2 == 0 ? "drive" : "park")}";
                var (status, body) = await line.AskAsync(Requests.Post(host, path, Encoding.ASCII.GetBytes("{}")));
                if (status != 200)
                {
                    throw Requests.Unexpected(status, body);
                }
            }
        }

        var since = await SequenceAsync(host) - Gap;
        var latencies = new List<double>();
        for (var i = 0; i < (run.Quick ? 60 : 220); i++)
        {
            var clock = Stopwatch.StartNew();
            using var screen = await Screen.OpenAsync(host);
            var answer = await screen.WatchAsync($$"""{"topics":["fleet"],"since":{{since}}}""");
            var elapsed = clock.Elapsed.TotalMilliseconds;
            using var json = JsonDocument.Parse(answer);
            var result = json.RootElement.GetProperty("result");
            if (!result.GetProperty("resumed").GetBoolean() || result.GetProperty("changes").GetArrayLength() != Gap)
            {
                throw new InvalidOperationException("The gap did not come whole.");
            }

            // The first ones compile the code.
            if (i >= 20)
            {
                latencies.Add(elapsed);
            }
        }

        var latency = Percentiles.Of(latencies);
        return
        [
            new()
            {
                Work = $"resume after a reconnect with a gap of {Gap:N0} changes, from the connect on", Result = $"p99 {latency.P99:0.0} ms",
                Latency = latency, Aim = "< 50 ms", Met = latency.P99 < 50,
                Note = $"{latencies.Count} times, one after the other; each answer was checked to hold the {Gap:N0} changes.",
            },
        ];
    }

    private static async Task<long> SequenceAsync(BenchHost host)
    {
        await using var select = host.Database.CreateCommand("SELECT max(sequence) FROM change_event");
        return (long)(await select.ExecuteScalarAsync())!;
    }
}
