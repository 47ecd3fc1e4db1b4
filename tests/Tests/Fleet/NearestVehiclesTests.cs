using ChargeCars.Fleet;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using FsCheck.Xunit;
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

        var found = await Nearest(new StraightLineEstimator(Options.Create(new RouteOptions()))).FindAsync(Place, 5, _ => true, Fixes.Noon, CancellationToken.None);

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

    [Fact]
    public void Estimate_GoesThroughTheBands()
    {
        var options = new RouteOptions { RoadFactor = 1 };
        var drive = new StraightLineEstimator(Options.Create(options)).Estimate(115_000);

        Assert.Equal(600 + 1500 + 3600, drive.Seconds, 6); // 5 km at 30, 25 km at 60, 85 km at 85
        Assert.Equal(115_000, drive.RoadMeters, 6);
    }

    [Property(MaxTest = 100)]
    public bool Estimate_OfALongerWay_NeverArrivesEarlier(uint one, uint other)
    {
        var estimator = new StraightLineEstimator(Options.Create(new RouteOptions()));
        var (nearer, farther) = (estimator.Estimate(Math.Min(one, other)), estimator.Estimate(Math.Max(one, other)));
        return nearer.Seconds <= farther.Seconds && nearer.RoadMeters <= farther.RoadMeters;
    }

    [Fact]
    public void RouteOptions_ThatCantWork_AreRefusedByKey()
    {
        var options = new RouteOptions { RoadFactor = 0.5, SpeedProfile = { new() { Kmh = 0 }, new() { UpToKm = 5, Kmh = 50 } } };

        var failures = new RouteOptions.Validator().Validate(null, options).Failures!.ToList();

        Assert.Equal(["RoadFactor", "SpeedProfile:0:Kmh", "SpeedProfile:0:UpToKm", "SpeedProfile:1:UpToKm"], failures.Select(fault => fault["ChargeCars:Routing:".Length..fault.IndexOf(' ', StringComparison.Ordinal)]));
        Assert.True(new RouteOptions.Validator().Validate(null, new()).Succeeded);
    }

    private NearestVehicles Nearest(IRouteEstimator routes) => new(database.Source, routes, Options.Create(database.Limits));

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

    private sealed class River(double near) : IRouteEstimator
    {
        public string Method => "by the bridge";

        public ValueTask<IReadOnlyList<RouteEstimate?>> EstimateAsync(IReadOnlyList<MapPoint> from, MapPoint to, CancellationToken cancellation) =>
            new([.. from.Select(start => (RouteEstimate?)new RouteEstimate(1, start.Latitude == near ? 9_999 : 600))]);
    }
}
