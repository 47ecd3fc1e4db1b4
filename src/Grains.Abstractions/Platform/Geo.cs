namespace ChargeCars;

/// <summary>Distances on the earth.</summary>
public static class Geo
{
    /// <summary>The mean radius of the earth, metres (IUGG).</summary>
    public const double EarthRadius = 6_371_008.8;

    /// <summary>Metres between two points in degrees along the great circle (haversine); within 0.5 % of the ellipsoid.</summary>
    public static double Distance(double latitude1, double longitude1, double latitude2, double longitude2)
    {
        var (phi1, phi2) = (double.DegreesToRadians(latitude1), double.DegreesToRadians(latitude2));
        var acrossLatitude = Math.Sin((phi2 - phi1) / 2);
        var acrossLongitude = Math.Sin(double.DegreesToRadians(longitude2 - longitude1) / 2);
        var half = (acrossLatitude * acrossLatitude) + (Math.Cos(phi1) * Math.Cos(phi2) * acrossLongitude * acrossLongitude);
        // Rounding may lift antipodes a hair above 1, where the arc sine has no value.
        return 2 * EarthRadius * Math.Asin(Math.Sqrt(Math.Min(1, half)));
    }
}
