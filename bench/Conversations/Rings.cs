using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Conversations;

/// <summary>
/// Dispatch screens that watch all there is, each one area of the fleet, and tell how long after its webhook was sent a ringing call came
/// to them.
/// </summary>
internal sealed class Rings : IDisposable
{
    private readonly List<Screen> _screens = [];
    private readonly CallTraffic _traffic;
    private readonly Lock _gate = new();
    private List<double> _waits = [];
    private long _cards;

    private Rings(CallTraffic traffic) => _traffic = traffic;

    public int Open => _screens.Count(screen => screen.IsOpen);

    /// <summary>How many of them showed who calls, with their visit and its van.</summary>
    public long Cards => Interlocked.Read(ref _cards);

    public static async Task<Rings> OpenAsync(BenchHost host, CallTraffic traffic, int screens)
    {
        var rings = new Rings(traffic);
        for (var i = 0; i < screens; i++)
        {
            var screen = await Screen.OpenAsync(host);
            var west = 4 + (i % Audience.Areas / 5.0);
            await screen.WatchAsync(string.Create(CultureInfo.InvariantCulture, $$$"""
                {"topics":["fleet","orders","visits","threads","calls"],"area":{"south":50,"west":{{{west:0.00}}},"north":53,"east":{{{west + 0.19:0.00}}} }}
                """));
            rings._screens.Add(screen);
            _ = Task.Run(() => rings.ReadAsync(screen));
        }

        return rings;
    }

    /// <summary>The waits in milliseconds since the last call.</summary>
    public List<double> Take()
    {
        lock (_gate)
        {
            var taken = _waits;
            _waits = [];
            return taken;
        }
    }

    public void Dispose() => _screens.ForEach(screen => screen.Dispose());

    private async Task ReadAsync(Screen screen)
    {
        var (heard, lastPing) = (new Dictionary<long, int>(), Environment.TickCount64);
        while (await screen.NextAsync() is { } message)
        {
            Note(message.Span, Stopwatch.GetTimestamp(), heard);
            if (Environment.TickCount64 - lastPing > 10_000)
            {
                await screen.PingAsync();
                lastPing = Environment.TickCount64;
            }
        }
    }

    private void Note(ReadOnlySpan<byte> message, long now, Dictionary<long, int> heard)
    {
        while (message.IndexOf("\"type\":\"call.ringing\""u8) is >= 0 and var at)
        {
            message = message[(at + 1)..];
            var next = message.IndexOf("\"type\":\"call.ringing\""u8);
            var change = next < 0 ? message : message[..next];
            var id = change.IndexOf("\"callId\":\""u8);
            if (id < 0 || !Utf8Parser.TryParse(change[(id + "\"callId\":\"".Length)..], out long call, out _))
            {
                throw new InvalidOperationException("A ringing call came without its id.");
            }

            if (change.IndexOf("\"visitToday\":{"u8) >= 0)
            {
                Interlocked.Increment(ref _cards);
            }

            // A call rings when it comes in and again when a phone rings; its changes come in their order.
            var turn = heard[call] = heard.GetValueOrDefault(call) + 1;
            if (_traffic.Rung.TryGetValue(call, out var sent) && sent.ElementAtOrDefault(turn - 1) is > 0 and var moment)
            {
                lock (_gate)
                {
                    _waits.Add(Stopwatch.GetElapsedTime(moment, now).TotalMilliseconds);
                }
            }
        }
    }
}
