namespace ChargeCars.Fleet.Geofences;

/// <summary>
/// Metres east and north of a point, as on flat ground: good to 0.1 % over the few kilometres that decide whether a
/// vehicle is inside.
/// </summary>
internal readonly struct Plane(double latitude, double longitude)
{
    /// <summary>Metres in one degree of latitude, on the sphere of <see cref="Geo"/>.</summary>
    public const double MetersPerDegree = 111_195.08;

    private readonly double _perLongitude = MetersPerDegree * Math.Cos(double.DegreesToRadians(latitude));
    private readonly double _latitude = latitude;
    private readonly double _longitude = longitude;

    public (double East, double North) Of(GeofencePoint point)
    {
        var across = point.Longitude - _longitude;
        // The short way round the date line.
        across += across > 180 ? -360 : across < -180 ? 360 : 0;
        return (across * _perLongitude, (point.Latitude - _latitude) * MetersPerDegree);
    }
}
