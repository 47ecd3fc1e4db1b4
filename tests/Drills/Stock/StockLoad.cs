using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Drills.Stock;

/// <summary>Clients of stock: each asks until it is answered, at one host or the other, with the same key.</summary>
internal sealed class StockLoad : IAsyncDisposable
{
    private readonly IReadOnlyList<Uri> _hosts;
    private readonly StockScene _scene;
    private readonly HttpClient _http;
    private readonly DrillReport _report;
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentQueue<(Guid Id, long Version)> _open = new();
    private readonly Task[] _clients;
    private int _refused;
    private int _repeated;

    public StockLoad(IReadOnlyList<Uri> hosts, StockScene scene, string token, int clients, int seed, DrillReport report)
    {
        (_hosts, _scene, _report) = (hosts, scene, report);
        _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) }) { Timeout = TimeSpan.FromSeconds(10), DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        _clients = [.. Enumerable.Range(0, clients).Select(client => Task.Run(() => WorkAsync(new Random((seed * 1000) + client), client)))];
    }

    public ConcurrentBag<Guid> Moved { get; } = [];

    public ConcurrentBag<Guid> Reserved { get; } = [];

    public ConcurrentBag<Guid> Released { get; } = [];

    public int Refused => _refused;

    public int Repeated => _repeated;

    public int Acknowledged => Moved.Count + Reserved.Count + Released.Count;

    /// <summary>No new requests; waits until the last one knows its outcome.</summary>
    public async Task FinishAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_clients).WaitAsync(TimeSpan.FromMinutes(2));
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        _enough.Dispose();
        _http.Dispose();
    }

    private async Task WorkAsync(Random random, int home)
    {
        while (!_enough.IsCancellationRequested)
        {
            await (random.Next(10) switch
            {
                < 2 => MoveAsync(random, home, new { productId = Product(), toPlaceId = Place(), quantity = 1 + random.Next(10) }),
                2 or 3 => MoveAsync(random, home, new { productId = Product(), fromPlaceId = Place(), toPlaceId = Place(), quantity = 1 + random.Next(5) }),
                4 => MoveAsync(random, home, new { productId = Product(), fromPlaceId = Place(), quantity = 1 + random.Next(3), visitId = Visit() }),
                5 => MoveAsync(random, home, new { productId = Product(), toPlaceId = Place(), quantity = 1, visitId = Visit() }),
                < 9 => ReserveAsync(random, home),
                _ => ReleaseAsync(home),
            });
        }

        Guid Product() => _scene.Products[random.Next(_scene.Products.Length)];
        Guid Place() => _scene.Places[random.Next(_scene.Places.Length)];
        Guid Visit() => _scene.Visits[random.Next(_scene.Visits.Length)];
    }

    private async Task MoveAsync(Random random, int home, object body)
    {
        var (status, answer, _) = await UntilAnsweredAsync(home, HttpMethod.Post, "/api/stock/movements", body, NewKey(random));
        if (status == HttpStatusCode.Created)
        {
            Moved.Add(answer.GetProperty("id").GetGuid());
        }
        else
        {
            Interlocked.Increment(ref _refused);
        }
    }

    private async Task ReserveAsync(Random random, int home)
    {
        var expires = random.Next(3) == 0 ? DateTimeOffset.UtcNow.AddSeconds(2 + random.Next(6)) : (DateTimeOffset?)null;
        var body = new
        {
            productId = _scene.Products[random.Next(_scene.Products.Length)], placeId = _scene.Places[random.Next(_scene.Places.Length)], quantity = 1 + random.Next(4),
            ownerType = "order", ownerId = _scene.Order, expiresAt = expires,
        };
        var (status, answer, _) = await UntilAnsweredAsync(home, HttpMethod.Post, "/api/stock/reservations", body, NewKey(random));
        if (status == HttpStatusCode.Created)
        {
            var id = answer.GetProperty("id").GetGuid();
            Reserved.Add(id);
            _open.Enqueue((id, answer.GetProperty("version").GetInt64()));
        }
        else
        {
            Interlocked.Increment(ref _refused);
        }
    }

    private async Task ReleaseAsync(int home)
    {
        if (!_open.TryDequeue(out var kept))
        {
            return;
        }

        // Used or moved in the meantime: its version is another, and it is left alone.
        var (status, _, attempts) = await UntilAnsweredAsync(home, HttpMethod.Delete, $"/api/stock/reservations/{kept.Id}", null, null, $"\"{kept.Version}\"");
        if (status == HttpStatusCode.NoContent)
        {
            Released.Add(kept.Id);
        }
        else if (status != HttpStatusCode.PreconditionFailed)
        {
            _report.Violation($"the release of {kept.Id} was answered {(int)status} after {attempts} attempts");
        }
    }

    private static string NewKey(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return $"{new Guid(bytes)}-{Guid.NewGuid():n}";
    }

    private async Task<(HttpStatusCode Status, JsonElement Body, int Attempts)> UntilAnsweredAsync(
        int home, HttpMethod method, string path, object? body, string? key, string? version = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(_hosts[(home + attempt) % _hosts.Count], path)) { Content = body is null ? null : JsonContent.Create(body) };
                if (key is not null)
                {
                    request.Headers.Add("Idempotency-Key", key);
                }

                if (version is not null)
                {
                    request.Headers.TryAddWithoutValidation("If-Match", version);
                }

                using var answer = await _http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                var read = text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
                if ((int)answer.StatusCode is >= 500 and not 503)
                {
                    _report.Violation($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
                }
                else if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests) && !text.Contains("still-running", StringComparison.Ordinal))
                {
                    return (answer.StatusCode, read, attempt);
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException or IOException)
            {
                // Dead, or dying: the other one may know.
            }

            Interlocked.Increment(ref _repeated);
            await Task.Delay(50);
        }
    }
}
