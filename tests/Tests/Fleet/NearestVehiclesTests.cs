using ChargeCars.Fleet;
using ChargeCars.Planning.Routes;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Fleet;

public sealed class NearestVehiclesTests(PositionDatabase database) : IClassFixture<PositionDatabase>
{
    private static readonly MapPoint Place = new(52.0, 5.0);

    [Fact]
    public async Task Find_GivesThoseThatCanByArrivalThenTheOthersWithTheirReasons()
    {
        var far = await VehicleAsync(52.2);
        var near = await VehicleAsync(52.01);
        var maintained = await VehicleAsync(52.001, "operational_status = 'maintenance', is_available = false");
        var offline = await VehicleAsync(52.002, $"last_location_update = '{Fixes.Noon.AddHours(-1):o}'");
        var never = await VehicleAsync(52.0, "last_location_update = NULL, current_location = NULL, is_active = false");

        var found = await (await NearestAsync(new StraightLineTravelTimes(Options.Create(new TravelOptions())))).FindAsync(
            Place, 5, new[] { far, near, maintained, offline, never }.Contains, Fixes.Noon, CancellationToken.None);

        Assert.Equal([near, far, maintained, offline, never], found.Select(vehicle => vehicle.VehicleId));
        Assert.Equal([true, true, false, false, false], found.Select(vehicle => vehicle.CanTakeJob));
        Assert.Equal(1_112, found[0].DistanceMeters);
        Assert.Equal(1_446, found[0].RoadMeters);
        Assert.Equal(173, found[0].EtaSeconds); // 1.446 km at 30 km/h
        Assert.Equal(["not_available", "in_maintenance"], found[2].Reasons.Select(reason => reason.Code));
        Assert.Equal(["offline"], found[3].Reasons.Select(reason => reason.Code));
        Assert.Equal(Freshness.Offline, found[3].Freshness);
        Assert.Equal(["inactive", "position_unknown"], found[4].Reasons.Select(reason => reason.Code));
        Assert.Null(found[4].EtaSeconds);

        // A routing service knows of the river: the nearer one has the longer way.
        var routed = await (await NearestAsync(new River(near: 52.01))).FindAsync(Place, 1, _ => true, Fixes.Noon, CancellationToken.None);
        Assert.Equal(far, Assert.Single(routed).VehicleId);
    }

    [Theory]
    [InlineData(true, true, VehicleStatus.Parked, Freshness.Live, null, "")]
    [InlineData(true, true, VehicleStatus.Driving, Freshness.Stale, null, "")]
    [InlineData(false, true, VehicleStatus.Parked, Freshness.Live, null, "inactive")]
    [InlineData(true, false, VehicleStatus.Parked, Freshness.Live, null, "not_available")]
    [InlineData(true, true, VehicleStatus.Maintenance, Freshness.Live, null, "in_maintenance")]
    [InlineData(true, true, VehicleStatus.OnSite, Freshness.Live, "in_progress", "on_site")]
    [InlineData(true, true, VehicleStatus.Parked, Freshness.Live, "paused", "on_site")]
    [InlineData(true, true, VehicleStatus.Driving, Freshness.Live, "en_route", "en_route")]
    [InlineData(true, true, VehicleStatus.Parked, Freshness.Offline, null, "offline")]
    [InlineData(true, true, VehicleStatus.Parked, Freshness.Unknown, null, "position_unknown")]
    [InlineData(false, false, VehicleStatus.Maintenance, Freshness.Offline, "en_route", "inactive not_available in_maintenance en_route offline")]
    public void Reasons_NameAllThatStandsInTheWay(
        bool isActive, bool isAvailable, VehicleStatus status, Freshness freshness, string? visit, string expected) =>
        Assert.Equal(expected, string.Join(' ', JobFitness.Reasons(isActive, isAvailable, status, freshness, visit).Select(reason => reason.Code)));

    [Fact]
    public async Task Find_WhereTheIndexIsBehind_TellsWhatTheRowsSay()
    {
        var place = new MapPoint(54.0, 5.0);
        var (nowBusy, gone, known) = (await VehicleAsync(54.001), await VehicleAsync(54.002), await VehicleAsync(54.003));
        var index = await database.NearestAsync();
        await database.ScalarAsync<int>($"UPDATE vehicle SET operational_status = 'maintenance', vehicle_name = 'Renamed' WHERE id = '{nowBusy}'");
        await database.ScalarAsync<int>($"DELETE FROM vehicle WHERE id = '{gone}'");
        index.Move([new(known, Fixes.Noon.AddSeconds(1), 54.004, 5.0, null, null, null, null, VehicleStatus.Parked)]);

        var found = await new NearestVehicles(
            database.Source, index, new StraightLineTravelTimes(Options.Create(new TravelOptions())), Options.Create(database.Limits))
            .FindAsync(place, 2, id => id == nowBusy || id == gone || id == known, Fixes.Noon, CancellationToken.None);

        Assert.Equal([known, nowBusy], found.Select(vehicle => vehicle.VehicleId));
        Assert.Equal((54.004, true), (found[0].Latitude, found[0].CanTakeJob)); // Heard of, and not in its row yet.
        Assert.Equal(("Renamed", "in_maintenance"), (found[1].VehicleName, found[1].Reasons.Single().Code));
    }

    private async Task<NearestVehicles> NearestAsync(ITravelTimes travel) =>
        new(database.Source, await database.NearestAsync(), travel, Options.Create(database.Limits));

    private async Task<Guid> VehicleAsync(double latitude, string more = "is_active = true")
    {
        var id = await database.AddVehicleAsync($"T-{Guid.NewGuid().ToString("N")[..8]}");
        await using var place = database.Source.CreateCommand(
            "UPDATE vehicle SET last_location_update = $2, current_location = jsonb_build_object('latitude', $3::float8, 'longitude', 5.0) WHERE id = $1");
        place.Parameters.Add(Sql.Uuid(id));
        place.Parameters.Add(Sql.Time(Fixes.Noon));
        place.Parameters.Add(Sql.Double(latitude));
        await place.ExecuteNonQueryAsync();
        await database.ScalarAsync<int>($"UPDATE vehicle SET {more} WHERE id = '{id}'");
        return id;
    }

    [Fact]
    public void Fit_IsWhoHasNothingInTheWayAtAKnownPlace()
    {
        foreach (var status in Enum.GetValues<VehicleStatus>())
        {
            foreach (var visit in new[] { null, "en_route", "on_site", "in_progress", "paused" })
            {
                for (var bits = 0; bits < 4; bits++)
                {
                    var (active, available) = ((bits & 1) > 0, (bits & 2) > 0);

                    Assert.Equal(
                        JobFitness.Reasons(active, available, status, Freshness.Live, visit).Count == 0,
                        JobFitness.IsFit(active, available, status, visit is not null));
                }
            }
        }
    }

    private sealed class River(double near) : ITravelTimes
    {
        public string Method => "by the bridge";

        public ValueTask<TravelMatrix> MatrixAsync(IReadOnlyList<MapPoint> from, IReadOnlyList<MapPoint> to, CancellationToken cancellation) =>
            new(new TravelMatrix(from.Count, 1, [.. from.Select(start => start.Latitude == near ? 9_999 : 600)], [.. from.Select(_ => 1)]));
    }
}
