using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Api.Fleet.Telemetry.Trackers;

/// <summary>
/// What a tracker reports, whatever its format: the one place where the formats' units and ways to say "unknown" become
/// a fix, so that the same report gives the same fix in each of them.
/// </summary>
internal struct TrackerReport()
{
    private const double KmhPerKnot = 1.852;
    private const double KmhPerMeterASecond = 3.6;

    /// <summary>Whose it is.</summary>
    public VehicleKey Key;

    /// <summary>When it was there; null where the tracker has no clock.</summary>
    public DateTimeOffset? Time;

    /// <summary>Degrees; null where the tracker found no place, only radio cells perhaps.</summary>
    public double? Latitude, Longitude;

    /// <summary>False where the tracker itself does not vouch for its coordinates.</summary>
    public bool IsValid = true;

    /// <summary>km/h; see <see cref="FromKnots"/>. Negative is unknown, as in the fields below.</summary>
    public double? SpeedKmh;

    /// <summary>Degrees clockwise from north.</summary>
    public double? Heading;

    /// <summary>Metres. Zero is unknown too: no receiver is exact.</summary>
    public double? Accuracy;

    /// <summary>Metres.</summary>
    public double? Altitude;

    /// <summary>Metres, by the vehicle's own count.</summary>
    public double? OdometerMeters;

    public bool? Ignition;

    public static double? FromKnots(double? knots) => knots * KmhPerKnot;

    public static double? FromMetersASecond(double? speed) => speed * KmhPerMeterASecond;

    /// <summary>
    /// The report as a position. One without a place that counts is a fix nowhere: it goes the same way, so that its
    /// tracker must be known too, and is refused as <c>invalid_coordinates</c> there.
    /// </summary>
    public readonly ParsedPosition ToPosition(string source, DateTimeOffset now) => new()
    {
        Key = Key,
        Fix = new(
            Time ?? now,
            IsValid ? Latitude ?? double.NaN : double.NaN,
            IsValid ? Longitude ?? double.NaN : double.NaN,
            Accuracy is > 0 && double.IsFinite(Accuracy.Value) ? Accuracy : null,
            // Whatever unit it came in: a hundredth of a km/h is finer than any receiver.
            SpeedKmh is >= 0 && double.IsFinite(SpeedKmh.Value) ? Math.Round(SpeedKmh.Value, 2) : null,
            Heading is >= 0 and <= 360 ? Heading : null,
            Altitude is { } altitude && double.IsFinite(altitude) ? altitude : null,
            OdometerMeters is >= 0 && double.IsFinite(OdometerMeters.Value) ? OdometerMeters / 1000 : null,
            Ignition,
            source),
    };
}
