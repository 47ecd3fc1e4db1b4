using System.Collections.Concurrent;
using System.Text.Json;
using ChargeCars.Drills.Support;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Drills.Cluster;

/// <summary>
/// A dispatch screen: watches the fleet at one host, and when its line is lost resumes at the next. What it gets is kept as it comes, nothing put in order or thrown away, so that a fault shows.
/// </summary>
internal sealed class HubScreen : IAsyncDisposable
{
    // Twice the host's own ping: a line that is silent for longer is dead.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(6);

    private readonly IReadOnlyList<Uri> _hosts;
    private readonly string _token;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _newestFix = new();
    private readonly List<long> _changes = [];
    private readonly Lock _gate = new();
    private readonly Task _running;
    private long? _since;
    private List<long>? _early;

    public HubScreen(string name, IReadOnlyList<Uri> hosts, int home, string token)
    {
        (Name, _hosts, _token) = (name, hosts, token);
        _running = RunAsync(home);
    }

    public string Name { get; }

    /// <summary>Where it is connected now.</summary>
    public Uri? Host { get; private set; }

    public int Resumptions { get; private set; }

    /// <summary>Snapshots beyond the first, and calls of <c>resync</c>: the server could not replay.</summary>
    public int FreshStarts { get; private set; }

    /// <summary>The sequence that it started from.</summary>
    public long? StartedAfter { get; private set; }

    public IReadOnlyList<long> Changes
    {
        get
        {
            lock (_gate)
            {
                return [.. _changes];
            }
        }
    }

    /// <summary>The oldest of these vehicles' newest fixes.</summary>
    public DateTimeOffset OldestFix(IEnumerable<Guid> vehicles) =>
        vehicles.Min(vehicle => _newestFix.TryGetValue(vehicle, out var time) ? time : DateTimeOffset.MinValue);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(int host)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(_hosts[host++ % _hosts.Count]);
            }
            catch (Exception) when (!_stop.IsCancellationRequested)
            {
                // Not there either: the next one.
                await Task.Delay(200);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(Uri host)
    {
        await using var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(host, "/hubs/dispatch"), options =>
            {
                options.AccessTokenProvider = () => Task.FromResult<string?>(_token);
                options.Transports = HttpTransportType.WebSockets;
                options.SkipNegotiation = true;
            })
            .WithServerTimeout(Silence)
            .Build();
        hub.HandshakeTimeout = TimeSpan.FromSeconds(2);
        var closed = new TaskCompletionSource();
        hub.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        hub.On<JsonElement>("positions", message => Move(message));
        hub.On<JsonElement>("changes", message => Take(Sequences(message.GetProperty("items"))));
        hub.On<JsonElement>("resync", _ => FreshStarts++);
        lock (_gate)
        {
            _early = [];
        }

        using var impatience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        impatience.CancelAfter(TimeSpan.FromSeconds(3));
        await hub.StartAsync(impatience.Token);
        Answered(await hub.InvokeAsync<JsonElement>("Watch", new { topics = new[] { "fleet" }, since = _since }, impatience.Token));
        Host = host;
        await closed.Task.WaitAsync(_stop.Token);
        Host = null;
    }

    private void Answered(JsonElement answer)
    {
        lock (_gate)
        {
            StartedAfter ??= answer.GetProperty("sequence").GetInt64();
            if (_since is not null)
            {
                Resumptions++;
                FreshStarts += answer.GetProperty("resumed").GetBoolean() ? 0 : 1;
            }

            _changes.AddRange(Sequences(answer.GetProperty("changes")));
            _changes.AddRange(_early!);
            _early = null;
            _since = Math.Max(answer.GetProperty("sequence").GetInt64(), _changes.Count > 0 ? _changes[^1] : 0);
        }
    }

    private void Take(List<long> changes)
    {
        lock (_gate)
        {
            if (_early is not null)
            {
                _early.AddRange(changes);
                return;
            }

            _changes.AddRange(changes);
            _since = _changes[^1];
        }
    }

    private void Move(JsonElement message)
    {
        foreach (var item in message.GetProperty("items").EnumerateArray())
        {
            _newestFix[item.GetProperty("vehicleId").GetGuid()] = item.GetProperty("fixTime").GetDateTimeOffset();
        }
    }

    private static List<long> Sequences(JsonElement items) => [.. items.EnumerateArray().Select(item => item.GetProperty("sequence").GetInt64())];
}
