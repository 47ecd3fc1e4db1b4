using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Testing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace ChargeCars.Tests.Platform.Live;

public sealed class DispatchHubTests
{
    private static readonly string[] Fleet = ["fleet"];

    [Fact]
    public async Task Watch_WithoutSince_GivesTheVehiclesAndThenLaterChangesOnly()
    {
        await using var host = await LiveHost.StartAsync();
        var van = await host.Database.DataSource.VehicleAsync("V-100-AA");
        await host.Database.DataSource.ChangeAsync(id: van);
        await using var client = await host.ConnectAsync();
        host.Publish(LiveRows.Position(van, 52.5, 5.5));

        var answer = await client.WatchFleetAsync();

        Assert.False(answer.Resumed);
        Assert.Equal(1, answer.Sequence);
        Assert.Empty(answer.Changes);
        var vehicle = Assert.Single(answer.Vehicles);
        Assert.Equal("V-100-AA", vehicle.GetProperty("licensePlate").GetString());
        Assert.Equal(52.5, vehicle.GetProperty("currentLocation").GetProperty("latitude").GetDouble());
        Assert.Equal("live", vehicle.GetProperty("freshness").GetString());
        Assert.EndsWith("Z", vehicle.GetProperty("lastLocationUpdate").GetString(), StringComparison.Ordinal);
        await host.Database.DataSource.ChangeAsync("order.created", "order");
        await host.Database.DataSource.ChangeAsync("vehicle.status_changed", id: van);
        Assert.Equal(3, (await LiveClient.NextAsync(client.Changes)).Sequence);
    }

    /// <summary>What a client sends wrongly is no error of the host's: anybody could fill its log with stacks.</summary>
    [Fact]
    public async Task Call_ThatAClientGotWrong_IsRefusedWithoutAnErrorInTheLog()
    {
        await using var host = await LiveHost.StartAsync();
        await using var client = await host.ConnectAsync();

        await Assert.ThrowsAsync<HubException>(() => client.Hub.InvokeAsync("Watch", 5));
        await Assert.ThrowsAsync<HubException>(() => client.Hub.InvokeAsync("Watch", new { vehicleIds = new[] { "none" } }));
        await Assert.ThrowsAsync<HubException>(() => client.Hub.InvokeAsync("Watch"));
        await Assert.ThrowsAsync<HubException>(() => client.Hub.InvokeAsync("Watch", new { topics = new[] { "nothing" } }));
        await Assert.ThrowsAsync<HubException>(() => client.Hub.InvokeAsync("Surprise"));

        // Still there, and still heard.
        await client.WatchFleetAsync();
        Assert.DoesNotContain(host.Log.Text.Split('\n'), line => line.Contains(" Error ", StringComparison.Ordinal) || line.Contains(" Warning ", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", host.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_WithSince_GivesExactlyTheGap()
    {
        await using var host = await LiveHost.StartAsync();
        await host.Database.DataSource.ChangeAsync(count: 500);
        await host.Database.DataSource.ChangeAsync("call.ringing", "call", count: 500);
        await host.Database.DataSource.ChangeAsync(count: 501);
        await using var client = await host.ConnectAsync();
        var answer = await client.WatchFleetAsync(1);

        Assert.True(answer.Resumed);
        Assert.Equal(1501, answer.Sequence);
        Assert.Equal(Enumerable.Range(2, 499).Concat(Enumerable.Range(1001, 501)).Select(n => (long)n), answer.Changes.Select(change => change.Sequence));
    }

    [Theory]
    [InlineData(5)]   // the front is gone
    [InlineData(500)] // of another history
    public async Task Watch_WithASinceThatCantBeReplayed_GivesASnapshot(long since)
    {
        await using var host = await LiveHost.StartAsync();
        await host.Database.DataSource.VehicleAsync("V-101-AA");
        await host.Database.DataSource.ChangeAsync(count: 100);
        await host.Database.DataSource.RunAsync("DELETE FROM change_event WHERE sequence < 10");
        await using var client = await host.ConnectAsync();
        var answer = await client.WatchFleetAsync(since);
        Assert.False(answer.Resumed);
        Assert.Empty(answer.Changes);
        Assert.Single(answer.Vehicles);
        Assert.True((await client.WatchFleetAsync(9)).Resumed);
    }

    [Fact]
    public async Task Watch_AgainAndAgainWhileChangesCommit_MissesNoneAndRepeatsNone()
    {
        await using var host = await LiveHost.StartAsync();
        await using var client = await host.ConnectAsync();
        using var done = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 100; i++)
            {
                await host.Database.DataSource.ChangeAsync();
            }
        }).ToArray();
        var seen = new HashSet<long>();
        var answer = await client.WatchFleetAsync(0);
        for (var since = Stopwatch.StartNew(); ;)
        {
            Assert.True(since.Elapsed < Patience.Limit, $"Seen: {seen.Count}");
            seen.UnionWith(answer.Changes.Select(change => change.Sequence));
            Assert.Equal(answer.Sequence, seen.Count);
            if (Task.WhenAll(writers).IsCompleted && answer.Sequence == 800)
            {
                break;
            }

            // Take some of what is pushed, up to a point, then resume from there, as after a lost connection.
            while (client.Changes.Reader.TryRead(out var change))
            {
                if (change.Sequence > seen.Count)
                {
                    Assert.Equal(seen.Count + 1, change.Sequence);
                    seen.Add(change.Sequence);
                }
            }

            answer = await client.WatchFleetAsync(seen.Count);
        }

        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task Positions_OutsideTheArea_AreNotSentButALeavingOneIsOnce()
    {
        await using var host = await LiveHost.StartAsync(("PositionInterval", "00:00:00.001"));
        await using var client = await host.ConnectAsync();
        var (inside, outside) = (Guid.NewGuid(), Guid.NewGuid());
        await client.WatchAsync(new { topics = Fleet, area = new { south = 52.0, west = 5.0, north = 53.0, east = 6.0 } });
        var now = DateTimeOffset.UtcNow;
        host.Publish(LiveRows.Position(outside, 51, 5.5, now), LiveRows.Position(inside, 52.5, 5.5, now));
        Assert.Equal(inside, Assert.Single((await LiveClient.NextAsync(client.Positions)).Items).VehicleId);
        host.Publish(LiveRows.Position(inside, 53.5, 5.5, now.AddSeconds(1)));
        Assert.Equal(53.5, Assert.Single((await LiveClient.NextAsync(client.Positions)).Items).Latitude);
        host.Publish(LiveRows.Position(inside, 53.6, 5.5, now.AddSeconds(2)));
        host.Publish(LiveRows.Position(outside, 52.6, 5.5, now.AddSeconds(2)));
        Assert.Equal(outside, Assert.Single((await LiveClient.NextAsync(client.Positions)).Items).VehicleId);
    }

    [Fact]
    public async Task Positions_WhoseStreamIsSilent_ComeFromTheRowsOfTheVehicles()
    {
        await using var host = await LiveHost.StartAsync();
        var (van, old, ahead) = (await host.Database.DataSource.VehicleAsync("V-1"), await host.Database.DataSource.VehicleAsync("V-2"), await host.Database.DataSource.VehicleAsync("V-3"));
        await host.Database.DataSource.RunAsync($$"""
            UPDATE vehicle SET current_location = '{"latitude": 52.4, "longitude": 4.9, "speed_kmh": 30, "heading_degrees": 90}',
                last_location_update = now() - CASE id WHEN '{{old}}' THEN interval '1 hour' ELSE interval '5 s' END
            """);
        await using var client = await host.ConnectAsync();
        await client.WatchFleetAsync();
        host.Publish(LiveRows.Position(ahead, 52.7));
        Assert.Equal(ahead, Assert.Single((await LiveClient.NextAsync(client.Positions)).Items).VehicleId);

        await host.Rows.TakeAsync(DateTimeOffset.UtcNow.AddSeconds(-30), CancellationToken.None);

        // Not what is no news, and not what a stream brought a newer position of.
        var item = Assert.Single((await LiveClient.NextAsync(client.Positions)).Items);
        Assert.Equal((van, 52.4, 4.9, 30d, 90d), (item.VehicleId, item.Latitude, item.Longitude, item.SpeedKmh, item.HeadingDegrees));
    }

    [Fact]
    public async Task Watch_AfterAPositionWasRemoved_GivesTheRowsThoughThisNodeHasNotHeardOfIt()
    {
        // The feed hears nothing by itself in this test: it has no stream and does not look.
        await using var host = await LiveHost.StartAsync(("PollInterval", "00:00:30"));
        var van = await host.Database.DataSource.VehicleAsync("V-110-AA");
        await host.Database.DataSource.RunAsync("UPDATE vehicle SET current_location = '{\"latitude\": 52.4, \"longitude\": 4.9}', last_location_update = now() - interval '2 h'");
        host.Publish(LiveRows.Position(van, 52.5, 5.5));
        await using var client = await host.ConnectAsync();
        Assert.Equal(52.5, await LatitudeAsync());

        await host.Database.DataSource.ChangeAsync(
            "vehicle.positions_removed", id: van,
            data: $$"""{"source":"ulu","from":"{{DateTime.UtcNow.AddHours(-1):O}}","to":"{{DateTime.UtcNow.AddMinutes(1):O}}","reason":"private"}""");

        Assert.Equal(52.4, await LatitudeAsync());

        async Task<double> LatitudeAsync() => Assert.Single((await client.WatchFleetAsync()).Vehicles)
            .GetProperty("currentLocation").GetProperty("latitude").GetDouble();
    }

    [Fact]
    public async Task Positions_OfOneThatWasInsideBeforeTheNodeBegan_AreSentWhenItLeaves()
    {
        await using var host = await LiveHost.StartAsync();
        var van = await host.Database.DataSource.VehicleAsync("V-4");
        await host.Database.DataSource.RunAsync(
            """UPDATE vehicle SET current_location = '{"latitude": 52.4, "longitude": 5.5}', last_location_update = now() - interval '1 day'""");
        await using var client = await host.ConnectAsync();
        await client.WatchAsync(new { topics = Fleet, area = new { south = 52.0, west = 5.0, north = 53.0, east = 6.0 } });

        host.Publish(LiveRows.Position(van, 53.5, 5.5, DateTimeOffset.UtcNow));

        Assert.Equal(53.5, Assert.Single((await LiveClient.NextAsync(client.Positions)).Items).Latitude);
    }

    [Fact]
    public async Task Positions_OfOneThatWasInsideBeforeTheFeedBeganAnew_AreSentWhenItLeaves()
    {
        await using var host = await LiveHost.StartAsync();
        var van = await host.Database.DataSource.VehicleAsync("V-5");
        await host.Database.DataSource.RunAsync(
            """UPDATE vehicle SET current_location = '{"latitude": 52.4, "longitude": 5.5}', last_location_update = now() - interval '1 day'""");
        await host.Database.DataSource.ChangeAsync(count: 10);
        await using var client = await host.ConnectAsync();
        var watch = new { topics = Fleet, area = new { south = 52.0, west = 5.0, north = 53.0, east = 6.0 } };
        host.Publish(LiveRows.Position(van, 52.5, 5.5, DateTimeOffset.UtcNow.AddHours(-1)));
        await client.WatchAsync(watch);
        await host.Database.DataSource.ChangeAsync();
        await LiveClient.NextAsync(client.Changes);
        await host.Database.DataSource.RunAsync("DELETE FROM change_event WHERE sequence > 4");
        await LiveClient.NextAsync(client.Resyncs);
        Assert.Single((await client.WatchAsync(watch)).Vehicles);
        while (client.Positions.Reader.TryRead(out _))
        {
        }

        host.Publish(LiveRows.Position(van, 53.5, 5.5, DateTimeOffset.UtcNow));

        Assert.Equal(53.5, Assert.Single((await LiveClient.NextAsync(client.Positions)).Items).Latitude);
    }

    [Fact]
    public async Task Positions_OfOneView_AreEncodedOnceForAllItsConnections()
    {
        // A connection that is late is given its own: here none is, however busy the machine.
        await using var host = await LiveHost.StartAsync(new StoppedWatch());
        var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.ConnectAsync()));
        foreach (var client in clients)
        {
            await client.WatchFleetAsync();
        }

        // The first may be held for a connection whose answer is on its way; from the second on all are open.
        host.Publish(LiveRows.Position(Guid.NewGuid()));
        await Task.WhenAll(clients.Select(client => LiveClient.NextAsync(client.Positions)));
        var before = host.Protocol.PositionsEncoded;
        host.Publish([.. Enumerable.Range(0, 250).Select(_ => LiveRows.Position(Guid.NewGuid()))]);
        foreach (var client in clients)
        {
            var sizes = new List<int>();
            while (sizes.Sum() < 250)
            {
                sizes.Add((await LiveClient.NextAsync(client.Positions)).Items.Count);
            }

            Assert.All(sizes, size => Assert.InRange(size, 1, 100));
        }

        Assert.Equal(3, host.Protocol.PositionsEncoded - before);
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Positions_WithoutThePermission_AreNotTold()
    {
        await using var host = await LiveHost.StartAsync();
        var van = await host.Database.DataSource.VehicleAsync("V-102-AA");
        await using var client = await host.ConnectAsync("no-positions");
        host.Publish(LiveRows.Position(van));
        var answer = await client.WatchFleetAsync();
        Assert.Equal(System.Text.Json.JsonValueKind.Null, Assert.Single(answer.Vehicles).GetProperty("currentLocation").ValueKind);
        host.Publish(LiveRows.Position(van, at: DateTimeOffset.UtcNow.AddSeconds(1)));
        await host.Database.DataSource.ChangeAsync(id: van);
        await LiveClient.NextAsync(client.Changes);
        Assert.False(client.Positions.Reader.TryRead(out _));
    }

    [Theory]
    [InlineData("all", true)]
    [InlineData("no-positions", false)]
    public async Task Changes_OfFreshness_SayWhenTheVehicleWasThereToWhoMaySeePositions(string caller, bool toldWhen)
    {
        await using var host = await LiveHost.StartAsync();
        var van = await host.Database.DataSource.VehicleAsync("V-103-AA");
        await host.Database.DataSource.RunAsync("UPDATE vehicle SET last_location_update = now() - interval '1 day', current_location = '{\"latitude\": 52, \"longitude\": 5}'");
        await host.Database.DataSource.ChangeAsync(id: van);
        await using var client = await host.ConnectAsync(caller);
        var vehicle = Assert.Single((await client.WatchFleetAsync()).Vehicles);
        // As GET /api/vehicles answers: how old it is, and not since when.
        Assert.Equal("offline", vehicle.GetProperty("freshness").GetString());
        Assert.Equal(toldWhen, vehicle.GetProperty("lastLocationUpdate").ValueKind == System.Text.Json.JsonValueKind.String);

        const string Data = """{"from":"live","to":"stale","lastLocationUpdate":"2026-03-02T11:00:00Z"}""";
        await host.Database.DataSource.ChangeAsync("vehicle.freshness_changed", id: van, data: Data);
        var pushed = await LiveClient.NextAsync(client.Changes);
        var replayed = Assert.Single((await client.WatchFleetAsync(1)).Changes);

        foreach (var change in new[] { pushed, replayed })
        {
            var data = System.Text.Json.JsonDocument.Parse(change.Data.Text).RootElement;
            Assert.Equal("stale", data.GetProperty("to").GetString());
            Assert.Equal(toldWhen ? "2026-03-02T11:00:00Z" : null, data.GetProperty("lastLocationUpdate").GetString());
        }
    }

    [Fact]
    public async Task Connection_ThatDoesNotRead_IsDroppedWhileOthersGoOn()
    {
        await using var host = await LiveHost.StartAsync(
            ("WriteTimeout", "00:00:01"), ("MaximumQueuedChanges", "1000000"), ("PollInterval", "00:00:00.010"));
        using var stuck = new ClientWebSocket();
        var address = new UriBuilder(new Uri(host.Address, "hubs/dispatch")) { Scheme = "ws", Query = "access_token=all" }.Uri;
        await stuck.ConnectAsync(address, CancellationToken.None);
        await SendAsync("""{"protocol":"json","version":1}""");
        await SendAsync("""{"type":1,"invocationId":"1","target":"Watch","arguments":[{"topics":["fleet"]}]}""");
        await using var client = await host.ConnectAsync();
        await client.WatchFleetAsync();
        Assert.Equal(2, host.Connections.Count);
        var filling = new string('x', 4_000);
        var sequence = 0L;
        var watch = Stopwatch.StartNew();
        while (host.Connections.Count == 2)
        {
            Assert.True(watch.Elapsed < FeedRecorder.Patience, "The stuck connection was not dropped.");
            // Less than the host buffers for a connection: whoever reads at all, however slowly, holds up no write.
            await host.Database.DataSource.ChangeAsync(data: $$"""{"filling":"{{filling}}"}""", count: 25);
            for (var i = 0; i < 25; i++)
            {
                Assert.Equal(++sequence, (await LiveClient.NextAsync(client.Changes)).Sequence);
            }
        }

        await host.Database.DataSource.ChangeAsync();
        Assert.Equal(++sequence, (await LiveClient.NextAsync(client.Changes)).Sequence);
        Assert.False(client.Closed.Task.IsCompleted);

        Task SendAsync(string text) => stuck.SendAsync(Encoding.UTF8.GetBytes(text + "\x1e"), WebSocketMessageType.Text, true, CancellationToken.None);
    }

    [Fact]
    public async Task ApiKey_Revoked_ClosesItsConnectionsOnly()
    {
        await using var host = await LiveHost.StartAsync();
        await using var mine = await host.ConnectAsync("key");
        await using var other = await host.ConnectAsync();
        await host.Database.DataSource.ChangeAsync("api_key.revoked", "api_key", LiveHost.KeyId);
        await mine.Closed.Task.WaitAsync(FeedRecorder.Patience);
        Assert.False((await other.WatchFleetAsync()).Resumed);
    }

    [Fact]
    public async Task Database_Restored_TellsEveryScreenToStartAfresh()
    {
        await using var host = await LiveHost.StartAsync();
        await host.Database.DataSource.ChangeAsync(count: 10);
        await using var client = await host.ConnectAsync();
        await client.WatchFleetAsync();
        await host.Database.DataSource.ChangeAsync();
        await LiveClient.NextAsync(client.Changes);
        await host.Database.DataSource.RunAsync("DELETE FROM change_event WHERE sequence > 4");
        Assert.Contains("restored", (await LiveClient.NextAsync(client.Resyncs)).Reason, StringComparison.Ordinal);
        Assert.Equal(4, (await client.WatchFleetAsync()).Sequence);
        await host.Database.DataSource.ChangeAsync();
        Assert.Equal(5, (await LiveClient.NextAsync(client.Changes)).Sequence);
    }

    [Fact]
    public async Task Watch_WithFaults_NamesThem()
    {
        await using var host = await LiveHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await RefusedAsync(new { topics = new[] { "fleets" } }, "'fleets' is not one of");
        await RefusedAsync(new { topics = Array.Empty<string>() }, "topics: name one");
        await RefusedAsync(new { topics = Fleet, area = new { south = 53, west = 5, north = 52, east = 6 } }, "south");
        await RefusedAsync(new { topics = Fleet, area = new { south = 50, west = 5, north = 95, east = 6 } }, "latitudes");
        await RefusedAsync(new { topics = Fleet, area = new { south = 50 } }, "area");
        await RefusedAsync(new { topics = Fleet, vehicleIds = Enumerable.Range(0, 1001).Select(_ => Guid.Empty) }, "at most 1000");
        await RefusedAsync(new { topics = Fleet, colour = "red" }, "colour");
        await using var few = await host.ConnectAsync("no-positions");
        Assert.Contains("orders.read", (await Assert.ThrowsAsync<HubException>(() => few.WatchAsync(new { topics = new[] { "orders" } }))).Message, StringComparison.Ordinal);

        async Task RefusedAsync(object request, string fault) =>
            Assert.Contains(fault, (await Assert.ThrowsAsync<HubException>(() => client.WatchAsync(request))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("own", HttpStatusCode.OK)]
    [InlineData("https://planning.example.nl", HttpStatusCode.OK)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    public async Task Origin_OfABrowser_MustBeOwnOrConfigured(string? origin, HttpStatusCode expected)
    {
        await using var host = await LiveHost.StartAsync(("AllowedOrigins:0", "https://planning.example.nl"));
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "hubs/dispatch/negotiate?access_token=all&negotiateVersion=1"));
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "own" ? host.Address.GetLeftPart(UriPartial.Authority) : origin);
        }

        Assert.Equal(expected, (await http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Connection_WithoutCredentials_IsRefused()
    {
        await using var host = await LiveHost.StartAsync();
        using var http = new HttpClient();
        using var response = await http.PostAsync(new Uri(host.Address, "hubs/dispatch/negotiate"), null);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    /// <summary>The real clock and timers, on which nothing takes any time.</summary>
    private sealed class StoppedWatch : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
