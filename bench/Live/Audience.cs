using System.Globalization;
using System.Text;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Live;

/// <summary>
/// Screens that each watch one of ten areas with a tenth of the fleet. One of each area decodes what it gets and tells how
/// old each position was when it came; the others take the same messages and look at nothing.
/// </summary>
internal sealed class Audience : IDisposable
{
    public const int Areas = 10;

    private readonly List<Screen> _screens = [];
    private readonly Lock _gate = new();
    private readonly HashSet<int> _heard = [];
    private List<double> _ages = [];

    /// <summary>How many vehicles a position came of.</summary>
    public int Heard
    {
        get
        {
            lock (_gate)
            {
                return _heard.Count;
            }
        }
    }

    public static async Task<Audience> OpenAsync(BenchHost host, int screens)
    {
        var audience = new Audience();
        for (var i = 0; i < screens; i++)
        {
            var screen = await Screen.OpenAsync(host);
            var west = 4 + (i % Areas / 5.0);
            await screen.WatchAsync(string.Create(
                CultureInfo.InvariantCulture, $$$"""{"topics":["fleet"],"area":{"south":50,"west":{{{west:0.00}}},"north":53,"east":{{{west + 0.19:0.00}}} }}"""));
            audience._screens.Add(screen);
            _ = Task.Run(i < Areas ? () => audience.ReadAsync(screen) : screen.DiscardAsync);
        }

        return audience;
    }

    public int Open => _screens.Count(screen => screen.IsOpen);

    public long Bytes => _screens.Sum(screen => screen.Bytes);

    /// <summary>The ages in milliseconds since the last call.</summary>
    public List<double> Take()
    {
        lock (_gate)
        {
            var taken = _ages;
            _ages = [];
            return taken;
        }
    }

    public void Dispose() => _screens.ForEach(screen => screen.Dispose());

    private async Task ReadAsync(Screen screen)
    {
        var lastPing = Environment.TickCount64;
        while (await screen.NextAsync() is { } message)
        {
            var now = DateTime.UtcNow;
            Note(message.Span, now);
            if (Environment.TickCount64 - lastPing > 10_000)
            {
                await screen.PingAsync();
                lastPing = Environment.TickCount64;
            }
        }
    }

    private void Note(ReadOnlySpan<byte> message, DateTime now)
    {
        lock (_gate)
        {
            while (message.IndexOf("\"fixTime\":\""u8) is >= 0 and var at)
            {
                // The vehicle's id stands before it, and ends with the number that it was made of.
                _heard.Add(int.Parse(message[(at - 14)..(at - 2)], CultureInfo.InvariantCulture));
                message = message[(at + "\"fixTime\":\"".Length)..];
                var end = message.IndexOf((byte)'"');
                var sent = DateTime.Parse(Encoding.ASCII.GetString(message[..end]), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
                _ages.Add((now - sent).TotalMilliseconds);
                message = message[end..];
            }
        }
    }
}
