using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Screen.Bench;

/// <summary>Vans all over the Netherlands that drive in circles, each with a fix a second.</summary>
internal sealed class MovingFleet : IDisposable
{
    public const string Email = "bench@example.nl";
    public const string Password = "correct horse battery";

    private const int Batches = 10;
    private const double Kmh = 60;

    private readonly HttpClient _http;
    private readonly Guid[] _ids;

    private MovingFleet(HttpClient http, Guid[] ids) => (_http, _ids) = (http, ids);

    /// <summary>As the one whose fleet it is.</summary>
    public HttpClient Http => _http;

    public IReadOnlyList<Guid> Ids => _ids;

    public static async Task<MovingFleet> CreateAsync(Uri url, int vans)
    {
        var http = new HttpClient { BaseAddress = url };
        using var login = await http.PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        var ids = new Guid[vans];
        await Parallel.ForAsync(0, vans, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, cancellation) =>
        {
            using var created = await http.PostAsJsonAsync("/api/vehicles", new { licensePlate = $"F-{i:D4}-X", vehicleType = "van" }, cancellation);
            ids[i] = (await created.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("id").GetGuid();
            using var driving = await http.PostAsJsonAsync($"/api/vehicles/{ids[i]}/actions/{(i % 4 == 0 ? "maintain" : "drive")}", new { }, cancellation);
            driving.EnsureSuccessStatusCode();
        });
        return new(http, ids);
    }

    /// <summary>Spreads a fix of each van over every second, until it is told to stop.</summary>
    public async Task DriveAsync(CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        for (var tick = 0; !stop.IsCancellationRequested; tick++)
        {
            await SendAsync(clock.Elapsed.TotalSeconds, tick % Batches);
            var wait = TimeSpan.FromSeconds((tick + 1.0) / Batches) - clock.Elapsed;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, CancellationToken.None);
            }
        }
    }

    /// <summary>A fix of every van, or of those of one batch.</summary>
    public async Task SendAsync(double seconds, int? batch = null)
    {
        var fixes = _ids.Index().Where(van => batch is null || van.Index % Batches == batch).Select(van => Fix(van.Index, van.Item, seconds));
        using var answer = await _http.PostAsJsonAsync("/api/telemetry/positions", new { positions = fixes });
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private static object Fix(int index, Guid id, double seconds)
    {
        // Places by the golden ratio: even, and the same in every run. Circles of 1 km radius.
        var (latitude, longitude) = (51.3 + 1.9 * (index * 0.6180339887 % 1), 4.2 + 2.5 * (index * 0.7548776662 % 1));
        var angle = index + seconds * (Kmh / 3.6 / 1_000);
        return new
        {
            vehicleId = id,
            fixTime = DateTimeOffset.UtcNow,
            latitude = latitude + 0.009 * Math.Cos(angle),
            longitude = longitude + 0.0146 * Math.Sin(angle),
            speedKmh = Kmh,
            headingDegrees = (angle * 180 / Math.PI + 90) % 360,
        };
    }
}
