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

        var found = await Nearest(new StraightLineTravelTimes(Options.Create(new TravelOptions()))).FindAsync(Place, 5, _ => true, Fixes.Noon, CancellationToken.None);

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
        var routed = await Nearest(new River(near: 52.01)).FindAsync(Place, 1, _ => true, Fixes.Noon, CancellationToken.None);
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

    private NearestVehicles Nearest(ITravelTimes travel) => new(database.Source, travel, Options.Create(database.Limits));

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

    private sealed class River(double near) : ITravelTimes
    {
        public string Method => "by the bridge";

        public ValueTask<TravelMatrix> MatrixAsync(IReadOnlyList<MapPoint> from, IReadOnlyList<MapPoint> to, CancellationToken cancellation) =>
            new(new TravelMatrix(from.Count, 1, [.. from.Select(start => start.Latitude == near ? 9_999 : 600)], [.. from.Select(_ => 1)]));
    }
}
