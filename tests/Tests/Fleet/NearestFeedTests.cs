using ChargeCars.Api.Fleet;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Fleet;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Platform.Changes;
using ChargeCars.Planning.Routes;
using ChargeCars.Tests.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Fleet;

/// <summary>What is changed, moved or taken away is so in the index after the next round.</summary>
public sealed class NearestFeedTests(PositionDatabase database) : IClassFixture<PositionDatabase>
{
    private static readonly MapPoint Place = new(52.0, 5.0);

    [Fact]
    public async Task Index_FollowsVehiclesVisitsAndPositions()
    {
        var (board, index) = (new PositionBoard(database.Time), new NearestIndex(Options.Create(database.Limits)));
        using var feed = new NearestFeed(
            new NearestRows(database.Source), index, board, () => Task.CompletedTask, TimeProvider.System, NullLogger<NearestFeed>.Instance);
        var van = await database.AddVehicleAsync($"F-{Guid.NewGuid():N}"[..12]);
        await feed.FollowAsync(CancellationToken.None);
        Assert.Null(Find().Place);

        await database.ScalarAsync<int>($$"""
            UPDATE vehicle SET last_location_update = '{{Fixes.Noon:o}}', current_location = '{"latitude": 52.1, "longitude": 5.0}' WHERE id = '{{van}}'
            """);
        await ChangedAsync("vehicle", van);
        Assert.Equal(52.1, Find().Place?.Latitude);

        // Heard of, and not in its row yet: that goes with any other change as well.
        board.Take([Heard(van, 1, 52.2)]);
        await ChangedAsync("vehicle", van);
        Assert.Equal(52.2, Find().Place?.Latitude);

        // What was removed is forgotten where the row has gone back.
        board.Remove(van, new("ulu", Fixes.Noon.AddSeconds(0.5), Fixes.Noon.AddSeconds(2), "private"));
        await ChangedAsync("vehicle", van);
        Assert.Equal(52.1, Find().Place?.Latitude);

        // Of those that say nothing of it a van has many; it is not read for them.
        await database.ScalarAsync<int>($"UPDATE vehicle SET is_available = false WHERE id = '{van}'");
        feed.OnChanges([new(1, "vehicle.freshness_changed", "vehicle", van, Fixes.Noon, new("{}"), new("{}"))]);
        await feed.FollowAsync(CancellationToken.None);
        Assert.True(Find().IsAvailable);

        feed.OnReset("restored");
        board.Take([Heard(van, 3, 52.3)]);
        await feed.FollowAsync(CancellationToken.None);
        Assert.Equal((false, 52.3), (Find().IsAvailable, Find().Place!.Value.Latitude));

        await database.ScalarAsync<int>($"DELETE FROM vehicle WHERE id = '{van}'");
        await ChangedAsync("vehicle", van);
        Assert.Empty(index.Find(Place, 1, 1, id => id == van, Fixes.Noon));

        NearestRow Find() => Assert.Single(index.Find(Place, 1, 1, id => id == van, Fixes.Noon));

        async Task ChangedAsync(string entity, Guid id)
        {
            feed.OnChanges([new(1, $"{entity}.updated", entity, id, Fixes.Noon, new("{}"), new("{}"))]);
            await feed.FollowAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Visit_ThatAVanIsUnderWayTo_KeepsItFromAnotherJobUntilItIsOver()
    {
        var index = new NearestIndex(Options.Create(database.Limits));
        using var feed = new NearestFeed(
            new NearestRows(database.Source), index, new PositionBoard(database.Time), () => Task.CompletedTask, TimeProvider.System,
            NullLogger<NearestFeed>.Instance);
        var (near, far) = (await VanAsync(52.01), await VanAsync(52.02));
        await feed.FollowAsync(CancellationToken.None);
        Assert.Equal([near], Find());

        var visit = Guid.CreateVersion7();
        await database.ScalarAsync<int>($"""
            INSERT INTO "order" (id, order_number, business_entity) VALUES ('{visit}', '{visit}', 'chargecars');
            INSERT INTO visit (id, business_entity, order_id, visit_type, vehicle_id, status)
            VALUES ('{visit}', 'chargecars', '{visit}', 'install', '{near}', 'en_route')
            """);
        await ChangedAsync();
        Assert.Equal([far], Find());

        await database.ScalarAsync<int>($"UPDATE visit SET status = 'completed' WHERE id = '{visit}'");
        await ChangedAsync();
        Assert.Equal([near], Find());

        IEnumerable<Guid> Find() => index.Find(Place, 1, 1, id => id == near || id == far, Fixes.Noon).Select(row => row.VehicleId);

        async Task ChangedAsync()
        {
            feed.OnChanges([new(1, "visit.status_changed", "visit", visit, Fixes.Noon, new("{}"), new("{}"))]);
            await feed.FollowAsync(CancellationToken.None);
        }

        async Task<Guid> VanAsync(double latitude)
        {
            var id = await database.AddVehicleAsync($"V-{Guid.NewGuid():N}"[..12]);
            await database.ScalarAsync<int>(FormattableString.Invariant($$"""
                UPDATE vehicle SET last_location_update = '{{Fixes.Noon:o}}', current_location = '{"latitude": {{latitude}}, "longitude": 5.0}' WHERE id = '{{id}}'
                """));
            return id;
        }
    }

    private static ChargeCars.Fleet.Vehicles.Positions.LivePosition Heard(Guid van, double second, double latitude) =>
        new(van, Fixes.Noon.AddSeconds(second), latitude, 5.0, null, null, null, null, VehicleStatus.Parked);
}
