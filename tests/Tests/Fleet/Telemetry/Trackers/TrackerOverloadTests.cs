using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Tests.Hosting;
using Npgsql;

namespace ChargeCars.Tests.Fleet.Telemetry.Trackers;

/// <summary>A host that is full says so and loses nothing: what it has acknowledged is on disk, what it has refused is taken later.</summary>
public sealed class TrackerOverloadTests(TrackerOverloadTests.SmallHost small) : IClassFixture<TrackerOverloadTests.SmallHost>, IAsyncLifetime
{
    private const int Requests = 2;
    private const int Capacity = 10_000;

    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - (6 * 3600));

    private readonly string _device = $"T{Guid.NewGuid():N}";
    private readonly RunningHost _host = small.Host;
    private readonly long _begun = Stopwatch.GetTimestamp();

    private Guid _vehicle;
    private HttpClient _http = null!;
    private HttpClient _anonymous = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        (_http, _anonymous) = (await _host.WithKeyAsync("positions.write"), _host.Anonymous());
        _key = _http.DefaultRequestHeaders.GetValues("X-Api-Key").Single();
        _vehicle = await _host.CreateVehicleAsync(new { licensePlate = _device[..8], vehicleType = "van", deviceId = _device });
    }

    public Task DisposeAsync()
    {
        _http.Dispose();
        _anonymous.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Send_WhileTheDoorIsFull_IsToldWhenToComeBackAndTakenThen()
    {
        // Each sends its body only when the host asks for it, and the host does so behind the door.
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan };
        using var asked = new HttpClient(handler) { BaseAddress = _host.Url, DefaultRequestHeaders = { { "X-Api-Key", _key } } };
        asked.DefaultRequestHeaders.ExpectContinue = true;
        var held = await Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => HoldAsync(asked)));

        foreach (var way in Ways)
        {
            await RefusedAsync(await SendAsync(way, 0));
        }

        Assert.Equal(0, await StoredAsync());
        Array.ForEach(held, request => request.Body.Release());
        Assert.All(await Task.WhenAll(held.Select(request => request.Answer)), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

        foreach (var way in Ways)
        {
            Assert.Equal(1, await AcceptedAsync(() => SendAsync(way, 0)));
        }

        Assert.Equal(Ways.Length, await StoredAsync());
    }

    [Fact]
    public async Task Send_WhileTheDatabaseHoldsUpTheWriters_IsToldWhenToComeBackAndTakenThen()
    {
        Assert.Equal(1, await AcceptedAsync(() => SendAsync("get", -1)));
        await using var connection = await _host.Database.DataSource.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "LOCK TABLE vehicle_position IN SHARE ROW EXCLUSIVE MODE");

        var waiting = _http.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = Enumerable.Range(0, Capacity).Select(second => new { deviceId = _device, fixTime = Start.AddSeconds(second), latitude = 52.1, longitude = 5.1 }),
        });
        while (await _host.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") == 0)
        {
            BePatient();
        }

        foreach (var way in Ways)
        {
            await RefusedAsync(await SendAsync(way, 1));
        }

        await transaction.RollbackAsync();
        Assert.Equal(Capacity, (await (await waiting).JsonAsync()).GetProperty("stored").GetInt32());
        foreach (var way in Ways)
        {
            Assert.Equal(1, await AcceptedAsync(() => SendAsync(way, 1)));
        }

        Assert.Equal(1 + Capacity + Ways.Length, await StoredAsync());
    }

    [Fact]
    public async Task Send_FromManyTrackersThatRepeatWhatIsRefused_StoresEachReportOnce()
    {
        const int PerSender = 25;
        var senders = Enumerable.Range(0, 12).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < PerSender; i++)
            {
                var (way, number) = (Ways[(sender + i) % Ways.Length], 1_000 + (sender * PerSender) + i);
                await AcceptedAsync(() => SendAsync(way, number));
            }
        }));

        await Task.WhenAll(senders);

        Assert.Equal(12 * PerSender, await StoredAsync());
    }

    private static readonly string[] Ways = ["get", "form", "json", "traccar"];

    // Each number and way is a moment of its own.
    private Task<HttpResponseMessage> SendAsync(string way, int number)
    {
        var time = Start.AddHours(4).AddSeconds((number * Ways.Length) + Array.IndexOf(Ways, way));
        var query = $"id={_device}&lat=52.1&lon=5.1&timestamp={time.ToUnixTimeSeconds()}";
        return way switch
        {
            "get" => OsmAndAsync(query),
            "form" => PostAsync($"/api/telemetry/osmand/{_key}", query, "application/x-www-form-urlencoded"),
            "json" => PostAsync(
                $"/api/telemetry/osmand/{_key}",
                $$$"""{"device_id":"{{{_device}}}","location":{"timestamp":"{{{time:O}}}","coords":{"latitude":52.1,"longitude":5.1} } }""", "application/json"),
            _ => PostAsync(
                "/api/telemetry/traccar",
                $$$"""{"device":{"uniqueId":"{{{_device}}}"},"position":{"fixTime":"{{{time:O}}}","latitude":52.1,"longitude":5.1}}""", "application/json"),
        };
    }

    private Task<HttpResponseMessage> OsmAndAsync(string query) => _anonymous.GetAsync($"/api/telemetry/osmand/{_key}?{query}");

    private async Task<HttpResponseMessage> PostAsync(string path, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        return await (path.EndsWith("traccar", StringComparison.Ordinal) ? _http : _anonymous).PostAsync(path, content);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer)
    {
        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        answer.Dispose();
    }

    /// <summary>A request that is inside. One that another test's request was still in the way of is never asked for its body, and comes again.</summary>
    private async Task<(HeldBody Body, Task<HttpResponseMessage> Answer)> HoldAsync(HttpClient http)
    {
        while (true)
        {
            BePatient();
            var body = new HeldBody();
            var answer = http.PostAsync("/api/telemetry/positions", body);
            if (await Task.WhenAny(body.Begun, answer) == body.Begun)
            {
                return (body, answer);
            }

            await RefusedAsync(await answer);
        }
    }

    /// <summary>How many were stored by the first answer that is no "come back later".</summary>
    private async Task<int> AcceptedAsync(Func<Task<HttpResponseMessage>> send)
    {
        while (true)
        {
            BePatient();
            using var answer = await send();
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                return (await answer.JsonAsync()).GetProperty("stored").GetInt32();
            }

            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }

    // A bound for what never comes, no measure.
    private void BePatient() => Assert.True(Stopwatch.GetElapsedTime(_begun) < TimeSpan.FromMinutes(3), "What was waited for has not come.");

    private Task<long> StoredAsync() => _host.ScalarAsync<long>($"SELECT count(*) FROM vehicle_position WHERE vehicle_id = '{_vehicle}'");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>An empty batch that keeps its request open until it is released.</summary>
    private sealed class HeldBody : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldBody() => Headers.ContentType = new("application/json");

        public Task Begun => _begun.Task;

        public void Release() => _released.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{\"positions\":"u8.ToArray());
            await stream.FlushAsync();
            _begun.TrySetResult();
            await _released.Task;
            await stream.WriteAsync("[]}"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A host that is soon full.</summary>
    public sealed class SmallHost : IAsyncLifetime
    {
        internal RunningHost Host { get; } = new()
        {
            Configuration = [$"--ChargeCars:Telemetry:MaxRequests={Requests}", $"--ChargeCars:Positions:Capacity={Capacity}", "--ChargeCars:Positions:Writers=1"],
        };

        public Task InitializeAsync() => Host.InitializeAsync();

        public Task DisposeAsync() => Host.DisposeAsync();
    }
}
