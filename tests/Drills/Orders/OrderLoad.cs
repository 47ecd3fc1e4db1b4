using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Drills.Orders;

/// <summary>An answer that a client got: that version of that row was made, by that key.</summary>
internal sealed record OrderAcknowledgement(string Table, Guid Id, long Version, string Status, string? Number);

/// <summary>Clients that take orders in and move them and their visits; each asks until it is answered, at one host or another, with the same key.</summary>
internal sealed class OrderLoad : IAsyncDisposable
{
    private static readonly DateTimeOffset FirstDay = new(DateTime.UtcNow.Date.AddDays(7), TimeSpan.Zero);

    private readonly IReadOnlyList<Uri> _hosts;
    private readonly OrderScene _scene;
    private readonly HttpClient _http;
    private readonly DrillReport _report;
    private readonly CancellationTokenSource _enough = new();
    private readonly Task[] _clients;
    private int _refused;
    private int _repeated;

    public OrderLoad(IReadOnlyList<Uri> hosts, OrderScene scene, string token, int clients, int seed, DrillReport report)
    {
        (_hosts, _scene, _report) = (hosts, scene, report);
        _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) }) { Timeout = TimeSpan.FromSeconds(10), DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        _clients = [.. Enumerable.Range(0, clients).Select(client => Task.Run(() => WorkAsync(new Random((seed * 1000) + client), client)))];
    }

    public ConcurrentBag<OrderAcknowledgement> Acknowledged { get; } = [];

    /// <summary>How many were told that another has the time, or that the table has no such arrow.</summary>
    public int Refused => _refused;

    public int Repeated => _repeated;

    /// <summary>No new orders; waits until the last one knows its outcome.</summary>
    public async Task FinishAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_clients).WaitAsync(TimeSpan.FromMinutes(3));
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
            await OneOrderAsync(random, home);
        }
    }

    private async Task OneOrderAsync(Random random, int home)
    {
        var body = new
        {
            orderType = "service", businessEntity = "chargecars", customerOrganizationId = _scene.Customer, primaryContactId = _scene.Contact, installationAddressId = _scene.Address,
            lineItems = new[] { new { productId = _scene.Product, quantity = 1 + random.Next(3) }, new { productId = _scene.Product, quantity = 1 } },
        };
        if (await AskAsync(home, "order", "/api/orders", body, random) is not { } order || await ActAsync(home, "order", order, "approve", null, random) is null)
        {
            return;
        }

        if (random.Next(8) == 0)
        {
            await ActAsync(home, "order", order, "hold", new { reason = "the drill waits", waitingOnCustomer = true }, random);
            await ActAsync(home, "order", order, "resume", null, random);
        }

        if (await AskAsync(home, "visit", $"/api/orders/{order}/visits", new { visitType = "service", estimatedMinutes = 30 }, random) is not { } visit)
        {
            return;
        }

        var start = FirstDay.AddMinutes(30 * random.Next(48 * 40));
        var planned = new { scheduledStart = start, scheduledEnd = start.AddMinutes(30), vehicleId = _scene.Vans[random.Next(_scene.Vans.Length)] };
        if (await ActAsync(home, "visit", visit, "schedule", planned, random) is null || random.Next(6) == 0)
        {
            await ActAsync(home, "order", order, "cancel", new { reason = "the drill cancels" }, random);
            return;
        }

        foreach (var action in new[] { "depart", "arrive", "start" })
        {
            await ActAsync(home, "visit", visit, action, null, random);
        }

        await ActAsync(home, "visit", visit, "complete", new { resolution = "Done.", signedBy = "An Vries" }, random);
    }

    private Task<Guid?> ActAsync(int home, string table, Guid id, string action, object? body, Random random) =>
        AskAsync(home, table, $"/api/{table}s/{id}/actions/{action}", body ?? new { }, random);

    /// <summary>The row's id; null where it was refused.</summary>
    private async Task<Guid?> AskAsync(int home, string table, string path, object body, Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        var key = $"{new Guid(bytes)}-{Guid.NewGuid():n}";
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_hosts[(home + attempt) % _hosts.Count], path)) { Content = JsonContent.Create(body) };
                request.Headers.Add("Idempotency-Key", key);
                using var answer = await _http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.IsSuccessStatusCode)
                {
                    return Keep(table, JsonDocument.Parse(text).RootElement);
                }

                if (answer.StatusCode == HttpStatusCode.Conflict && !text.Contains("still-running", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref _refused);
                    return null;
                }

                if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict))
                {
                    _report.Violation($"POST {path} was answered {(int)answer.StatusCode}: {text}");
                    if ((int)answer.StatusCode < 500)
                    {
                        return null;
                    }
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException or IOException)
            {
                // Dead, or dying: another one may know, or the same one later.
            }

            Interlocked.Increment(ref _repeated);
            await Task.Delay(50);
        }
    }

    private Guid Keep(string table, JsonElement row)
    {
        var id = row.GetProperty("id").GetGuid();
        Acknowledged.Add(new(
            table, id, row.GetProperty("version").GetInt64(), row.GetProperty(table == "order" ? "orderStatus" : "status").GetString()!,
            row.GetProperty(table == "order" ? "orderNumber" : "number").GetString()));
        return id;
    }
}
