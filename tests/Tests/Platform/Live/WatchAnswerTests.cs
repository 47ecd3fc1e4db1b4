using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Platform.Live;

public sealed class WatchAnswerTests
{
    private static readonly string[] Fleet = ["fleet"];

    [Fact]
    public async Task Vehicles_OfAnAnswer_AreEncodedAsTheirRecordsAre()
    {
        await using var host = await LiveHost.StartAsync();
        await FleetAsync(host, 300, "'Van \"' || n || '\" <é €>'");
        await host.Database.DataSource.RunAsync("""
            UPDATE vehicle SET equipment_list = '{"equipment": [{"name": "Ladder", "category": "tools", "quantity": 1, "condition": "good"}]}',
                working_hours = '{"windows": [{"days": ["monday"], "from": "07:00:00", "to": "18:00:00"}]}', insurance_expiry = '2027-01-01', year = 2024,
                current_location = '{"latitude": 52.4, "longitude": 5.5, "accuracy_meters": 5, "speed_kmh": 0.5}', last_location_update = '2026-03-02T11:00:00Z'
            WHERE license_plate <> 'V-00001'
            """);
        await using var client = await host.ConnectAsync();

        var answer = await client.WatchFleetAsync();

        var expected = new List<JsonElement>();
        await using var command = host.Database.DataSource.CreateCommand($"SELECT {VehicleKind.Rows.ColumnList} FROM vehicle ORDER BY license_plate");
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            var vehicle = VehicleKind.Rows.Read(row);
            expected.Add(JsonSerializer.SerializeToElement(
                vehicle.LicensePlate == "V-00001" ? new VehicleSnapshot(vehicle) : new VehicleSnapshot(vehicle)
                {
                    CurrentLocation = new Location(52.4, 5.5, 5, 0.5, null, null), Freshness = Freshness.Offline,
                    LastLocationUpdate = new(2026, 3, 2, 11, 0, 0, TimeSpan.Zero),
                },
                LiveJson.Configure(new())));
        }

        Assert.Equal(300, answer.Vehicles.Count);
        Assert.All(expected.Zip(answer.Vehicles), pair => Assert.True(JsonElement.DeepEquals(pair.First, pair.Second), $"{pair.First} is not {pair.Second}"));
    }

    [Fact]
    public async Task Reading_ThatManyAskForWhileTheSameIsRead_IsMadeOnceAndNotTheOneUnderWay()
    {
        await using var host = await LiveHost.StartAsync();
        var source = host.Database.DataSource;
        await source.ChangeAsync();
        WatchFilter All() => new([Topics.ByName[Topics.Fleet]], null, [], [], FakeScreens.Dispatcher);
        Task<WatchMoment> first;
        Task<WatchMoment>[] later;
        await using (var connection = await source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var held = new Npgsql.NpgsqlCommand("LOCK TABLE vehicle", connection, transaction);
            await held.ExecuteNonQueryAsync();
            first = host.Readings.ReadAsync(All(), null);
            await using var waiting = source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
            while ((long)(await waiting.ExecuteScalarAsync())! == 0)
            {
            }

            await source.ChangeAsync();
            later = [.. Enumerable.Range(0, 50).Select(_ => host.Readings.ReadAsync(All(), null))];
            Assert.NotSame(later[0], host.Readings.ReadAsync(All(), 1));
            await transaction.RollbackAsync();
        }

        Assert.Equal(1, (await first).Sequence);
        var moments = await Task.WhenAll(later);
        Assert.Equal(2, moments[0].Sequence);
        Assert.All(moments, moment => Assert.Same(moments[0], moment));
    }

    [Fact]
    public async Task Screens_ThatAllAskAtOnce_AreAllAnswered()
    {
        await using var host = await LiveHost.StartAsync(("MaximumReads", "2"));
        await FleetAsync(host, 500, "'Van'");
        var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.ConnectAsync()));

        var answers = await Task.WhenAll(clients.Select(client => client.WatchFleetAsync()));

        Assert.All(answers, answer => Assert.Equal(500, answer.Vehicles.Count));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Screen_ThatDoesNotReadItsAnswer_DoesNotKeepItsPlaceFromOthers()
    {
        // Far more than the buffers of both ends of a line.
        await using var host = await LiveHost.StartAsync(("MaximumReads", "1"), ("WriteTimeout", "00:05:00"));
        await FleetAsync(host, 2_000, "repeat('x', 20000)");
        using var stuck = new ClientWebSocket();
        var address = new UriBuilder(new Uri(host.Address, "hubs/dispatch")) { Scheme = "ws", Query = "access_token=all" }.Uri;
        await stuck.ConnectAsync(address, CancellationToken.None);
        await SendAsync("""{"protocol":"json","version":1}""");
        await SendAsync("""{"type":1,"invocationId":"1","target":"Watch","arguments":[{"topics":["fleet"]}]}""");
        var buffer = new byte[100];
        using var limit = new CancellationTokenSource(FeedRecorder.Patience);
        await stuck.ReceiveAsync(buffer, limit.Token); // the handshake's answer
        await stuck.ReceiveAsync(buffer, limit.Token); // the answer's first bytes

        await using var client = await host.ConnectAsync();
        Assert.Empty((await client.WatchAsync(new { topics = Fleet, vehicleIds = new[] { Guid.NewGuid() } })).Vehicles);

        Assert.Equal(WebSocketState.Open, stuck.State);

        Task SendAsync(string text) => stuck.SendAsync(Encoding.UTF8.GetBytes(text + "\x1e"), WebSocketMessageType.Text, true, CancellationToken.None);
    }

    private static Task FleetAsync(LiveHost host, int vehicles, string name) => host.Database.DataSource.RunAsync($"""
        INSERT INTO vehicle (id, license_plate, vehicle_type, vehicle_name)
        SELECT gen_random_uuid(), 'V-' || lpad(n::text, 5, '0'), 'van', {name} FROM generate_series(1, {vehicles}) n
        """);
}
