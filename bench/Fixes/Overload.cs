using System.Collections.Concurrent;
using System.Diagnostics;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>Twice as much as the host can take, sent whether or not it answers.</summary>
internal sealed class Overload : IBenchmark
{
    private const int Callers = 64;
    private const int Lines = 2_000;
    private const int Fixes = 50;
    private const int VehiclesEach = 5;

    private readonly ConcurrentQueue<Line> _idle = new();
    private readonly Lock _gate = new();
    private readonly List<double> _refusals = [];
    private readonly List<double> _answers = [];
    private long _stored, _unsent, _offered;
    private volatile bool _measuring;

    public string Name => "overload";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, Lines * VehiclesEach);
        var lines = new List<Line>();
        for (var i = 0; i < Lines; i++)
        {
            lines.Add(new(await HttpLine.OpenAsync(host.Url), new FixRequest(host, [.. Enumerable.Range(i * VehiclesEach, VehiclesEach)], Fixes)));
        }

        var from = DateTime.UtcNow.Date.AddDays(-5);
        var best = await ClosedLoop.RunAsync(
            [.. Enumerable.Range(0, Callers).Select(caller => Caller([.. lines.Where((_, index) => index % Callers == caller)], from))], run.WarmUp, run.Measured, host.MeterCpu);
        lines.ForEach(_idle.Enqueue);
        var offer = 2 * best.Rate / Fixes;
        await OfferAsync(offer, run.WarmUp, from);
        _measuring = true;
        var cpu = host.MeterCpu();
        await OfferAsync(offer, run.Measured, from);
        var used = cpu.Stop();
        _measuring = false;
        await Task.Delay(TimeSpan.FromSeconds(2));
        var (goodput, refused, answered) = (_stored / used.Seconds, Percentiles.Of(_refusals), Percentiles.Of(_answers));
        return
        [
            new()
            {
                Work = $"overload: {offer * Fixes:N0} fixes/s offered in batches of {Fixes}, {Lines:N0} connections; fixes stored", Result = $"{goodput:N0}/s",
                Latency = answered, Baseline = $"the best, {Callers} callers: {best.Rate:N0}/s", Ratio = goodput / best.Rate, Aim = "0.9×",
                Met = goodput >= 0.9 * best.Rate, Cpu = used,
                Note = $"{_offered:N0} requests were sent, {_refusals.Count:N0} refused with 503; {_unsent:N0} more found all {Lines:N0} connections waiting and were not sent.",
            },
            new()
            {
                Work = "the same; time to a refusal", Result = $"p99 {refused.P99:0.0} ms", Latency = refused, Aim = "< 50 ms", Met = refused.P99 < 50,
                Note = "From the request's first byte sent to its answer read, the driver's own share of the two cores included.",
            },
        ];
    }

    private static Func<Task<int>> Caller(Line[] lines, DateTime from)
    {
        var turn = 0;
        return async () =>
        {
            var line = lines[turn++ % lines.Length];
            var (status, body) = await line.Http.AskAsync(line.Request.Next(from));
            return status == 200 ? Fixes : throw Requests.Unexpected(status, body);
        };
    }

    private Task OfferAsync(double requestsPerSecond, TimeSpan duration, DateTime from) => Task.Factory.StartNew(
        () =>
        {
            var clock = Stopwatch.StartNew();
            for (var sent = 0L; clock.Elapsed < duration; Thread.Sleep(1))
            {
                for (; sent < clock.Elapsed.TotalSeconds * requestsPerSecond; sent++)
                {
                    if (_idle.TryDequeue(out var line))
                    {
                        _ = AskAsync(line, from);
                    }
                    else if (_measuring)
                    {
                        _unsent++;
                    }
                }
            }
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task AskAsync(Line line, DateTime from)
    {
        var began = Stopwatch.GetTimestamp();
        var (status, body) = await line.Http.AskAsync(line.Request.Next(from));
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        _idle.Enqueue(line);
        if (!_measuring)
        {
            return;
        }

        lock (_gate)
        {
            _offered++;
            switch (status)
            {
                case 200:
                    _stored += Fixes;
                    _answers.Add(took);
                    break;
                case 503:
                    _refusals.Add(took);
                    break;
                default:
                    throw Requests.Unexpected(status, body);
            }
        }
    }

    private sealed record Line(HttpLine Http, FixRequest Request);
}
