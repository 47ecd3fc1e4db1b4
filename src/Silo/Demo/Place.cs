using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Silo.Demo;

/// <summary>A point, degrees WGS84.</summary>
internal readonly record struct Place(double Latitude, double Longitude)
{
    private const double MetersPerDegree = 111_195;

    public double MetersTo(Place other) => Geo.Distance(Latitude, Longitude, other.Latitude, other.Longitude);

    /// <summary>So many metres north and east of here; flat, so for short ways only.</summary>
    public Place Moved(double north, double east) => new(
        Latitude + (north / MetersPerDegree),
        Longitude + (east / (MetersPerDegree * Math.Cos(double.DegreesToRadians(Latitude)))));

    /// <summary>The way to another place, degrees clockwise from north.</summary>
    public double HeadingTo(Place other)
    {
        var east = (other.Longitude - Longitude) * Math.Cos(double.DegreesToRadians(Latitude));
        var degrees = double.RadiansToDegrees(Math.Atan2(east, other.Latitude - Latitude));
        return degrees < 0 ? degrees + 360 : degrees;
    }

    public Place Towards(Place other, double share) =>
        new(Latitude + ((other.Latitude - Latitude) * share), Longitude + ((other.Longitude - Longitude) * share));
}
