using System.Diagnostics;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Live;

/// <summary>A fleet that sends each vehicle's fix once a second, whatever the host does; a fix's time is when it was sent.</summary>
internal sealed class PacedFixes : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task[] _lines = [];
    private long _sent;

    public long Sent => Interlocked.Read(ref _sent);

    public static async Task<PacedFixes> StartAsync(BenchHost host, int vehicles, int fixesEach, int lines)
    {
        var paced = new PacedFixes();
        var requests = Enumerable.Range(0, vehicles / fixesEach)
            .Select(number => new FixRequest(host, [.. Enumerable.Range(number * fixesEach, fixesEach)], fixesEach)).ToArray();
        var open = await Task.WhenAll(Enumerable.Range(0, lines).Select(_ => HttpLine.OpenAsync(host.Url)));
        var clock = Stopwatch.StartNew();
        var began = DateTime.UtcNow;
        paced._lines = [.. open.Select((line, index) => Task.Run(() => paced.SendAsync(line, requests, index, lines, began, clock)))];
        return paced;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_lines);
        _stop.Dispose();
    }

    private async Task SendAsync(HttpLine line, FixRequest[] requests, int index, int lines, DateTime began, Stopwatch clock)
    {
        using (line)
        {
            for (var slot = (long)index; !_stop.IsCancellationRequested; slot += lines)
            {
                var due = TimeSpan.FromSeconds((double)slot / requests.Length);
                var wait = due - clock.Elapsed;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait);
                }

                // A fix that waited for its line's last answer was due before it is sent, and the wait counts.
                var (status, body) = await line.AskAsync(requests[slot % requests.Length].At(wait > TimeSpan.Zero ? DateTime.UtcNow : began + due));
                if (status != 200)
                {
                    throw Requests.Unexpected(status, body);
                }

                Interlocked.Add(ref _sent, requests[0].Fixes);
            }
        }
    }
}
