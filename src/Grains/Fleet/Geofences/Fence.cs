using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Geofences;

/// <summary>An active geofence as fixes are measured against it.</summary>
internal sealed class Fence
{
    private readonly GeofencePoint[] _corners;
    private readonly GeofencePoint _centre;
    private readonly double _radius;

    public Fence(Geofence geofence)
    {
        Geofence = geofence;
        (ExitMargin, Dwell) = (geofence.ExitMarginMeters, TimeSpan.FromSeconds(geofence.DwellSeconds));
        if (geofence.Shape == GeofenceShape.Polygon)
        {
            _corners = [.. geofence.Polygon!];
            Bounds = FenceBounds.Of(_corners);
        }
        else
        {
            (_corners, _radius) = ([], geofence.RadiusMeters!.Value);
            _centre = new(geofence.Latitude!.Value, geofence.Longitude!.Value);
            Bounds = FenceBounds.Around(_centre, _radius);
        }
    }

    public Geofence Geofence { get; }

    public Guid Id => Geofence.Id;

    /// <summary>Metres beyond the edge where a vehicle has left.</summary>
    public double ExitMargin { get; }

    /// <summary>How long a vehicle must stay before it has entered.</summary>
    public TimeSpan Dwell { get; }

    /// <summary>The rectangle around it.</summary>
    public FenceBounds Bounds { get; }

    /// <summary>Metres from the edge: less than zero inside, more outside.</summary>
    public double DistanceFrom(double latitude, double longitude) => _corners.Length == 0
        ? Geo.Distance(_centre.Latitude, _centre.Longitude, latitude, longitude) - _radius
        : DistanceFromPolygon(latitude, longitude);

    private double DistanceFromPolygon(double latitude, double longitude)
    {
        // On a plane around the fix, where the fix is 0/0.
        var plane = new Plane(latitude, longitude);
        var nearest = double.PositiveInfinity;
        var inside = false;
        var (x1, y1) = plane.Of(_corners[^1]);
        foreach (var corner in _corners)
        {
            var (x2, y2) = plane.Of(corner);
            nearest = Math.Min(nearest, SquareToSegment(x1, y1, x2, y2));
            // Edges that a ray to the east crosses: an odd number of them from inside.
            if (y1 > 0 != y2 > 0 && x1 + ((x2 - x1) * (0 - y1) / (y2 - y1)) > 0)
            {
                inside = !inside;
            }

            (x1, y1) = (x2, y2);
        }

        var distance = Math.Sqrt(nearest);
        return inside ? -distance : distance;
    }

    private static double SquareToSegment(double x1, double y1, double x2, double y2)
    {
        var (dx, dy) = (x2 - x1, y2 - y1);
        var length = (dx * dx) + (dy * dy);
        var along = length == 0 ? 0 : Math.Clamp(-((x1 * dx) + (y1 * dy)) / length, 0, 1);
        var (x, y) = (x1 + (along * dx), y1 + (along * dy));
        return (x * x) + (y * y);
    }
}

/// <summary>A rectangle in degrees; one that reaches over a pole or the date line is not <see cref="IsPlain"/>.</summary>
internal readonly record struct FenceBounds(double South, double West, double North, double East)
{
    public bool IsPlain => South >= -90 && North <= 90 && West >= -180 && East <= 180;

    public static FenceBounds Of(GeofencePoint[] corners) => new(
        corners.Min(corner => corner.Latitude), corners.Min(corner => corner.Longitude),
        corners.Max(corner => corner.Latitude), corners.Max(corner => corner.Longitude));

    public static FenceBounds Around(GeofencePoint centre, double meters)
    {
        var north = meters / Plane.MetersPerDegree;
        // Widest where the circle is nearest to the pole; a meridian's share of that is wide enough.
        var narrowest = Math.Cos(double.DegreesToRadians(Math.Min(90, Math.Abs(centre.Latitude) + north)));
        var east = narrowest < 1e-6 ? 360 : north / narrowest;
        return new(centre.Latitude - north, centre.Longitude - east, centre.Latitude + north, centre.Longitude + east);
    }
}
