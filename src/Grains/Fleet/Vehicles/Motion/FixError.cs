using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>How far a fix is from a point, and how much of that may be its own error.</summary>
internal static class FixError
{
    /// <summary>The error radius taken for a fix that states none, metres.</summary>
    private const double Unstated = 25;

    /// <summary>A larger error is not believed to be an excuse, metres.</summary>
    private const double Most = 100;

    /// <summary>The error radius of a fix, metres.</summary>
    public static double Of(in PositionFix fix) => Math.Min(fix.AccuracyMeters ?? Unstated, Most);

    /// <summary>Metres from a point, by the coordinates as they are.</summary>
    public static double MetersFrom(this in PositionFix fix, Place place) =>
        Geo.Distance(place.Latitude, place.Longitude, fix.Latitude, fix.Longitude);

    /// <summary>Metres from a point beyond the fix's own error; less than zero where the error reaches across the point.</summary>
    public static double MetersBeyond(this in PositionFix fix, Place place) => fix.MetersFrom(place) - Of(fix);
}
