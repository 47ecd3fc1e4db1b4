using ChargeCars.Fleet.Geofences;

namespace ChargeCars.Tests.Fleet.Geofences;

/// <summary>Fences and fixes around Dam Square, in metres east and north of it.</summary>
internal static class Ground
{
    public const double Latitude = 52.373;
    public const double Longitude = 4.8925;

    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static readonly double PerLongitude = Plane.MetersPerDegree * Math.Cos(double.DegreesToRadians(Latitude));

    public static GeofencePoint At(double east, double north) => new(Latitude + (north / Plane.MetersPerDegree), Longitude + (east / PerLongitude));

    public static Geofence Circle(double radius = 100, double margin = 50, int dwell = 60, double east = 0, double north = 0) => new()
    {
        Id = Guid.CreateVersion7(),
        Name = "circle",
        Shape = GeofenceShape.Circle,
        Latitude = At(east, north).Latitude,
        Longitude = At(east, north).Longitude,
        RadiusMeters = radius,
        ExitMarginMeters = margin,
        DwellSeconds = dwell,
    };

    public static Geofence Polygon(params (double East, double North)[] corners) => new()
    {
        Id = Guid.CreateVersion7(),
        Name = "polygon",
        Shape = GeofenceShape.Polygon,
        Polygon = [.. corners.Select(corner => At(corner.East, corner.North))],
        DwellSeconds = 0,
    };

    public static FenceFix Fix(double second, double east, double north = 0, double? accuracy = 5, double? speed = null)
    {
        var place = At(east, north);
        return new(Noon.AddSeconds(second), place.Latitude, place.Longitude, accuracy, speed);
    }
}
