using ChargeCars.Fleet.Geofences;
using ChargeCars.Platform.Entities;
using static ChargeCars.Tests.Fleet.Geofences.Ground;

namespace ChargeCars.Tests.Fleet.Geofences;

public sealed class GeofenceDeciderTests
{
    private static readonly Geofence Square = Polygon((0, 0), (100, 0), (100, 100), (0, 100));

    [Fact]
    public void Create_OfAClosedPolygon_KeepsItOpen()
    {
        var details = Square with { Polygon = [.. Square.Polygon!, Square.Polygon![0]] };

        var made = Decide(null, new Create<Geofence, GeofenceDetails>(details)).Value!.After!;

        Assert.Equal(Square.Polygon, made.Polygon);
        Assert.Equal((Square.Id, Noon), (made.Id, made.CreatedAt));
    }

    [Fact]
    public void Revise_ToTheSame_ChangesNothing()
    {
        Assert.True(IsNothing(Square with { Polygon = [.. Square.Polygon!] }));
        Assert.False(IsNothing(Square with { Name = "other" }));
        Assert.False(IsNothing(Square with { Polygon = [.. Square.Polygon!.Reverse()] }));
    }

    [Fact]
    public void Commands_OnNoGeofenceOrAnExistingOne_AreRefusedByName()
    {
        Assert.IsType<NotFound>(Decide(null, new Revise<Geofence, GeofenceDetails>(Square)).Error);
        Assert.IsType<NotFound>(Decide(null, new Delete<Geofence>()).Error);
        Assert.IsType<Conflict>(Decide(Square, new Create<Geofence, GeofenceDetails>(Square)).Error);
        Assert.Null(Decide(Square, new Delete<Geofence>()).Value!.After);
    }

    private static bool IsNothing(GeofenceDetails details) =>
        Decide(Square, new Revise<Geofence, GeofenceDetails>(details)).Value!.ChangesNothing<Geofence, GeofenceKind>(Square);

    private static Result<Outcome<Geofence>> Decide(Geofence? state, EntityCommand<Geofence> command) =>
        StandardDecider.Decide<Geofence, GeofenceDetails, GeofenceKind>(Square.Id, state, command, Noon);

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
