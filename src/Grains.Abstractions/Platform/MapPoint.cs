namespace ChargeCars;

/// <summary>A place on the map, degrees WGS84.</summary>
public readonly record struct MapPoint(double Latitude, double Longitude)
{
    /// <summary>Metres to another place in a straight line.</summary>
    public double DistanceTo(MapPoint other) => Geo.Distance(Latitude, Longitude, other.Latitude, other.Longitude);
}
