using ChargeCars.Fleet.Geofences;
using static ChargeCars.Tests.Fleet.Geofences.Ground;

namespace ChargeCars.Tests.Fleet.Geofences;

public sealed class GeofenceDeciderTests
{
    private static readonly Geofence Square = Polygon((0, 0), (100, 0), (100, 100), (0, 100));

    [Fact]
    public void Create_OfAClosedPolygon_KeepsItOpen()
    {
        var details = Square with { Polygon = [.. Square.Polygon!, Square.Polygon![0]] };

        var decided = GeofenceDecider.Decide(null, new CreateGeofence(Square.Id, details), Noon);

        var made = GeofenceDecider.Evolve(null, decided.Value!.Single())!;
        Assert.Equal(Square.Polygon, made.Polygon);
        Assert.Equal((Square.Id, Noon), (made.Id, made.CreatedAt));
    }

    [Fact]
    public void Revise_ToTheSame_IsNoEvent()
    {
        Assert.Empty(GeofenceDecider.Decide(Square, new ReviseGeofence(Square with { Polygon = [.. Square.Polygon!] }), Noon).Value!);
        Assert.Single(GeofenceDecider.Decide(Square, new ReviseGeofence(Square with { Name = "other" }), Noon).Value!);
        Assert.Single(GeofenceDecider.Decide(Square, new ReviseGeofence(Square with { Polygon = [.. Square.Polygon!.Reverse()] }), Noon).Value!);
    }

    [Fact]
    public void Commands_OnNoGeofenceOrAnExistingOne_AreRefusedByName()
    {
        Assert.IsType<NotFound>(GeofenceDecider.Decide(null, new ReviseGeofence(Square), Noon).Error);
        Assert.IsType<NotFound>(GeofenceDecider.Decide(null, new DeleteGeofence(), Noon).Error);
        Assert.IsType<Conflict>(GeofenceDecider.Decide(Square, new CreateGeofence(Square.Id, Square), Noon).Error);
        Assert.IsType<GeofenceDeleted>(GeofenceDecider.Decide(Square, new DeleteGeofence(), Noon).Value!.Single());
    }

    [Fact]
    public void Check_OfEveryFault_NamesThemAll()
    {
        var circle = new GeofenceDetails { Shape = GeofenceShape.Circle, Latitude = 91, RadiusMeters = 4, Polygon = [], DwellSeconds = -1, ExitMarginMeters = double.NaN };

        Assert.Equal(
            ["dwellSeconds", "exitMarginMeters", "latitude", "longitude", "name", "polygon", "radiusMeters"],
            GeofenceRules.Check(circle)!.Fields.Keys.Order());
        Assert.Equal(["shape"], GeofenceRules.Check(new() { Name = "x" })!.Fields.Keys);
        Assert.Equal(["latitude", "polygon"], GeofenceRules.Check(new() { Name = "x", Shape = GeofenceShape.Polygon, Latitude = 1 })!.Fields.Keys.Order());
        Assert.Null(GeofenceRules.Check(Circle()));
    }
}
