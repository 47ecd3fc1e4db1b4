using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Cluster;

/// <summary>An action that was answered with success.</summary>
internal readonly record struct DoneAction(Guid Vehicle, long Version, string Status);

/// <summary>
/// Fixes, actions and numbers through every host. A caller that gets no answer, or one that says "again", asks again with the
/// same key at the next host until it knows; so in the end nobody is in doubt, and what is in the database can be counted.
/// </summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    private static readonly string[] Actions = ["drive", "park", "maintain", "release"];

    private readonly IReadOnlyList<Uri> _hosts;
    private readonly IReadOnlyList<Guid> _vehicles;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _enough = new();
    private readonly List<Task> _callers = [];
    private readonly ConcurrentDictionary<Guid, DateTime> _newest = new();
    private int _refused;
    private int _repeated;

    public ClusterLoad(IReadOnlyList<Uri> hosts, IReadOnlyList<Guid> vehicles, HttpClient http, int actors = 4, int clerks = 3)
    {
        (_hosts, _vehicles, _http) = (hosts, vehicles, http);
        for (var host = 0; host < hosts.Count; host++)
        {
            var home = host;
            _callers.Add(SendFixesAsync(home));
            _callers.AddRange(Enumerable.Range(0, actors).Select(_ => ActAsync(home)));
            _callers.AddRange(Enumerable.Range(0, clerks).Select(_ => NumberAsync(home)));
        }
    }

    public ConcurrentBag<(Guid Vehicle, DateTime Time)> Fixes { get; } = [];

    public ConcurrentBag<DoneAction> Done { get; } = [];

    public ConcurrentBag<(Guid Owner, string Number)> Numbers { get; } = [];

    /// <summary>Actions that the vehicle's status did not allow.</summary>
    public int Refused => _refused;

    /// <summary>Requests that had to be asked again.</summary>
    public int Repeated => _repeated;

    /// <summary>The oldest of the vehicles' newest acknowledged fixes.</summary>
    public DateTimeOffset OldestFix => _vehicles.Min(vehicle => _newest.TryGetValue(vehicle, out var time) ? time : DateTimeOffset.MinValue);

    /// <summary>No new requests; waits until the last one knows its outcome.</summary>
    public async Task FinishAsync()
    {
        await _enough.CancelAsync();
        await Task.WhenAll(_callers).WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        _enough.Dispose();
    }

    /// <summary>Each host's sender has vehicles of its own, as each has one tracker.</summary>
    private async Task SendFixesAsync(int home)
    {
        var mine = _vehicles.Where((_, index) => index % _hosts.Count == home).ToList();
        for (var at = new Turn(home); !_enough.IsCancellationRequested; await PauseAsync(200))
        {
            var time = new DateTime(DateTime.UtcNow.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
            var angle = time.TimeOfDay.TotalSeconds / 60;
            var positions = mine.Select((id, index) => new
            {
                vehicleId = id,
                fixTime = time,
                latitude = 52 + index * 0.01 + 0.004 * Math.Sin(angle),
                longitude = 5 + 0.004 * Math.Cos(angle),
            });
            // A fix that is there already was stored by a request whose answer was lost.
            var answer = await UntilAnsweredAsync(at, "/api/telemetry/positions", new { positions }, null);
            foreach (var rejection in answer.Body.GetProperty("rejected").EnumerateArray())
            {
                if (rejection.GetProperty("reason").GetString() != "duplicate")
                {
                    throw new DrillException($"A good fix was rejected: {rejection}");
                }
            }

            foreach (var id in mine)
            {
                Fixes.Add((id, time));
                _newest[id] = time;
            }
        }
    }

    private async Task ActAsync(int home)
    {
        for (var at = new Turn(home); !_enough.IsCancellationRequested; await PauseAsync(40))
        {
            var vehicle = _vehicles[Random.Shared.Next(_vehicles.Count)];
            var answer = await UntilAnsweredAsync(
                at, $"/api/vehicles/{vehicle}/actions/{Actions[Random.Shared.Next(Actions.Length)]}", new { reason = "drill" }, Guid.NewGuid().ToString());
            if (answer.Status == HttpStatusCode.OK)
            {
                Done.Add(new(vehicle, answer.Body.GetProperty("version").GetInt64(), answer.Body.GetProperty("operationalStatus").GetString()!));
            }
            else
            {
                Interlocked.Increment(ref _refused);
            }
        }
    }

    private async Task NumberAsync(int home)
    {
        for (var at = new Turn(home); !_enough.IsCancellationRequested; await PauseAsync(40))
        {
            var owner = Guid.NewGuid();
            var answer = await UntilAnsweredAsync(at, "/api/number-sequences/chargecars/invoice/next", new { ownerId = owner }, null);
            Numbers.Add((owner, answer.Body.GetProperty("number").GetString()!));
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> UntilAnsweredAsync(Turn at, string path, object body, string? key)
    {
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_hosts[at.Host % _hosts.Count], path)) { Content = JsonContent.Create(body) };
                if (key is not null)
                {
                    request.Headers.Add("Idempotency-Key", key);
                }

                using var answer = await _http.SendAsync(request);
                var read = await answer.Content.ReadFromJsonAsync<JsonElement>();
                if (answer.IsSuccessStatusCode || (answer.StatusCode == HttpStatusCode.Conflict && read.TryGetProperty("allowed", out _)))
                {
                    return (answer.StatusCode, read);
                }

                if (answer.StatusCode is not (HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                {
                    Unexpected.Add($"{(int)answer.StatusCode} of {path}: {read}");
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException)
            {
                // Dead, frozen, or ending.
                at.Host++;
            }

            Interlocked.Increment(ref _repeated);
            await Task.Delay(100);
        }
    }

    /// <summary>Answers that no caller should ever get.</summary>
    public ConcurrentBag<string> Unexpected { get; } = [];

    private Task PauseAsync(int milliseconds) => Task.Delay(milliseconds, _enough.Token).ContinueWith(_ => { }, TaskScheduler.Default);

    /// <summary>The host that a caller asks; it moves on when that one does not answer.</summary>
    private sealed class Turn(int home)
    {
        public int Host { get; set; } = home;
    }
}
