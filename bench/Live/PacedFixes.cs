using System.Diagnostics;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Live;

/// <summary>A fleet that sends each vehicle's fix once a second, whatever the host does; a fix's time is when it was sent.</summary>
internal sealed class PacedFixes : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly DateTime _began = DateTime.UtcNow;
    private readonly FixRequest[] _requests;
    private Task[] _lines = [];
    private long _sent;

    private PacedFixes(FixRequest[] requests) => _requests = requests;

    public long Sent => Interlocked.Read(ref _sent);

    public static async Task<PacedFixes> StartAsync(BenchHost host, int vehicles, int fixesEach, int lines)
    {
        var requests = Enumerable.Range(0, vehicles / fixesEach)
            .Select(number => new FixRequest(host, [.. Enumerable.Range(number * fixesEach, fixesEach)], fixesEach)).ToArray();
        var open = await Task.WhenAll(Enumerable.Range(0, lines).Select(_ => HttpLine.OpenAsync(host.Url)));
        var paced = new PacedFixes(requests);
        paced._lines = [.. open.Select((line, index) => Task.Run(() => paced.SendAsync(line, index, lines)))];
        return paced;
    }

    /// <summary>
    /// Done when what was due is sent: a host whose code is not compiled yet falls behind at first, and has that to work
    /// off. One that can't keep up at all is not waited for.
    /// </summary>
    public async Task OnTimeAsync(TimeSpan patience)
    {
        var until = _clock.Elapsed + patience;
        var each = _requests[0].Fixes;
        // Half a tenth of a second's worth is under way at any time.
        while (_clock.Elapsed < until && (_clock.Elapsed.TotalSeconds * _requests.Length) - (Sent / each) > 0.05 * _requests.Length)
        {
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_lines);
        _stop.Dispose();
    }

    private async Task SendAsync(HttpLine line, int index, int lines)
    {
        using (line)
        {
            for (var slot = (long)index; !_stop.IsCancellationRequested; slot += lines)
            {
                var due = TimeSpan.FromSeconds((double)slot / _requests.Length);
                var wait = due - _clock.Elapsed;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait);
                }

                // A fix that waited for its line's last answer was due before it is sent, and the wait counts.
                var (status, body) = await line.AskAsync(_requests[slot % _requests.Length].At(wait > TimeSpan.Zero ? DateTime.UtcNow : _began + due));
                if (status != 200)
                {
                    throw Requests.Unexpected(status, body);
                }

                Interlocked.Add(ref _sent, _requests[0].Fixes);
            }
        }
    }
}
