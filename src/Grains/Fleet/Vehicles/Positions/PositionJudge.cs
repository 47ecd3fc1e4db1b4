using System.Globalization;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>Whether a fix may be believed. Pure: what it depends on comes in as arguments.</summary>
public static class PositionJudge
{
    /// <summary>The error radius taken for a fix that states none, metres: a phone's between houses.</summary>
    private const double UnstatedAccuracy = 50;

    /// <summary>
    /// Trackers stamp whole seconds, so the time between two fixes may be a second longer than their times say.
    /// </summary>
    private const double ClockStep = 1;

    /// <summary>
    /// The fix with the time that PostgreSQL can hold: UTC and whole microseconds. Anything finer would read back as
    /// another fix and pass for new when it is sent again.
    /// </summary>
    public static PositionFix Normalize(in PositionFix fix)
    {
        var ticks = fix.FixTime.UtcTicks;
        return fix with { FixTime = new DateTimeOffset(ticks - (ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero) };
    }

    /// <summary>What is told of a fix whose time was put right.</summary>
    internal const string RolledOver =
        "fixTime is 1,024 weeks back, as of a GPS receiver whose week counter has rolled over: they were added";

    /// <summary>
    /// The weeks after which a GPS receiver's counter of ten bits begins again; one whose program is old tells times of an era
    /// before.
    /// </summary>
    private static readonly TimeSpan Era = TimeSpan.FromDays(1_024 * 7);

    /// <summary>The fix at its true time, where that is a whole number of eras after the one that it tells; else as it is.</summary>
    internal static PositionFix PutRight(in PositionFix fix, DateTimeOffset now, PositionOptions options)
    {
        for (var eras = 1; eras <= 2; eras++)
        {
            var (told, age) = (now - fix.FixTime, now - fix.FixTime - (Era * eras));
            if (told > options.MaxAge && age >= -options.FutureTolerance && age <= options.MaxAge)
            {
                return fix with { FixTime = fix.FixTime + (Era * eras) };
            }
        }

        return fix;
    }

    /// <summary>What is wrong with the fix by itself; null where nothing is.</summary>
    public static FixResult? Fault(in PositionFix fix, DateTimeOffset now, PositionOptions options)
    {
        if (double.IsNaN(fix.Latitude) || double.IsNaN(fix.Longitude))
        {
            return new(FixOutcome.InvalidCoordinates, "there are no coordinates, or the tracker itself calls them invalid");
        }

        if (!(fix.Latitude is >= -90 and <= 90 && fix.Longitude is >= -180 and <= 180))
        {
            return Refuse(FixOutcome.InvalidCoordinates, $"{fix.Latitude}, {fix.Longitude} is no place: latitude is -90 to 90, longitude -180 to 180 degrees");
        }

        if (fix.Latitude == 0 && fix.Longitude == 0)
        {
            return new(FixOutcome.NullIsland, "0, 0 is what a tracker without a fix reports");
        }

        if (MalformedField(fix) is { } fault)
        {
            return new(FixOutcome.Malformed, fault);
        }

        if (fix.FixTime - now > options.FutureTolerance)
        {
            return Refuse(FixOutcome.Future, $"fixTime is {(fix.FixTime - now).TotalSeconds:F0} s ahead of the server's clock; {options.FutureTolerance.TotalSeconds:F0} s are tolerated");
        }

        if (now - fix.FixTime > options.MaxAge)
        {
            return Refuse(FixOutcome.TooOld, $"fixTime is {(now - fix.FixTime).TotalDays:F1} days old; {options.MaxAge.TotalDays:F1} days are taken");
        }

        if (fix.AccuracyMeters > options.MaxAccuracyMeters)
        {
            return Refuse(FixOutcome.PoorAccuracy, $"accuracyMeters is {fix.AccuracyMeters:F0}; at most {options.MaxAccuracyMeters:F0} are taken");
        }

        return fix.SpeedKmh > options.MaxSpeedKmh
            ? Refuse(FixOutcome.ImpossibleSpeed, $"speedKmh is {fix.SpeedKmh:F0}; at most {options.MaxSpeedKmh:F0} is believed")
            : null;
    }

    /// <summary>Whether a vehicle at one place may have been at the other so soon before or after, given both errors.</summary>
    public static bool IsReachable(in Sighting from, in Sighting to, PositionOptions options)
    {
        var seconds = Math.Abs((to.FixTime - from.FixTime).TotalSeconds) + ClockStep;
        var reach = (options.MaxSpeedKmh / 3.6 * seconds)
            + (from.AccuracyMeters ?? UnstatedAccuracy) + (to.AccuracyMeters ?? UnstatedAccuracy);
        return Geo.Distance(from.Latitude, from.Longitude, to.Latitude, to.Longitude) <= reach;
    }

    /// <summary>The refusal of a fix that is too far from the live position for the time since.</summary>
    public static FixResult TooFar(in Sighting live, in Sighting fix)
    {
        var kilometres = Geo.Distance(live.Latitude, live.Longitude, fix.Latitude, fix.Longitude) / 1000;
        return Refuse(FixOutcome.ImpossibleSpeed, $"{kilometres:F1} km from the live position, {(fix.FixTime - live.FixTime).TotalSeconds:F0} s after it");
    }

    // A comparison with NaN is false, so each is written such that NaN and the infinities fail.
    private static string? MalformedField(in PositionFix fix) =>
        fix.AccuracyMeters is { } accuracy && !(accuracy >= 0 && double.IsFinite(accuracy)) ? "accuracyMeters must be a number of 0 or more"
        : fix.SpeedKmh is { } speed && !(speed >= 0 && double.IsFinite(speed)) ? "speedKmh must be a number of 0 or more"
        : fix.HeadingDegrees is { } heading && !(heading is >= 0 and <= 360) ? "headingDegrees must be 0 to 360"
        : fix.AltitudeMeters is { } altitude && !double.IsFinite(altitude) ? "altitudeMeters must be a number"
        : fix.OdometerKm is { } odometer && !(odometer >= 0 && double.IsFinite(odometer)) ? "odometerKm must be a number of 0 or more"
        : null;

    private static FixResult Refuse(FixOutcome outcome, FormattableString detail) =>
        new(outcome, detail.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Where a vehicle was at a moment, and how sure that is.</summary>
public readonly record struct Sighting(DateTimeOffset FixTime, double Latitude, double Longitude, double? AccuracyMeters)
{
    /// <summary>Of a fix.</summary>
    public static Sighting Of(in PositionFix fix) => new(fix.FixTime, fix.Latitude, fix.Longitude, fix.AccuracyMeters);

    /// <summary>Of the position on disk.</summary>
    public static Sighting Of(in LivePosition live) => new(live.FixTime, live.Latitude, live.Longitude, live.AccuracyMeters);
}
