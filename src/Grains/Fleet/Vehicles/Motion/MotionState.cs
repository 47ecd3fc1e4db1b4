using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>A fix on the way, and what was driven up to it.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Latitude">Degrees, WGS84.</param>
/// <param name="Longitude">Degrees, WGS84.</param>
/// <param name="OdometerKm">The vehicle's own count there, km; null where it was not sent.</param>
/// <param name="Meters">The distance since the van was last at its place, metres.</param>
/// <param name="TopKmh">The highest speed since then, km/h.</param>
public readonly record struct Waypoint(
    DateTimeOffset Time, double Latitude, double Longitude, double? OdometerKm, double Meters, double TopKmh)
{
    internal static Waypoint Of(in PositionFix fix, double meters = 0, double topKmh = 0) =>
        new(fix.FixTime, fix.Latitude, fix.Longitude, fix.OdometerKm, meters, topKmh);

    /// <summary>The point alone.</summary>
    internal Place Place => new(Latitude, Longitude);

    internal Waypoint AtRest() => this with { Meters = 0, TopKmh = 0 };
}

/// <summary>A point on the map, degrees.</summary>
public readonly record struct Place(double Latitude, double Longitude)
{
    internal static Place Of(in PositionFix fix) => new(fix.Latitude, fix.Longitude);
}

/// <summary>
/// What must be remembered of a van's fixes to tell driving from standing. A value: equal states go on alike, which is how
/// a repair knows that it is done.
/// </summary>
public readonly record struct MotionState
{
    /// <summary>The last fix folded in.</summary>
    public required FixKey Head { get; init; }

    /// <summary>Whether it is on a trip; else it stands.</summary>
    public bool Driving { get; init; }

    /// <summary>Where and when the trip or the stop began.</summary>
    public Waypoint Start { get; init; }

    /// <summary>The fix that decided it; the beginning lies before it.</summary>
    public FixKey DecidedBy { get; init; }

    /// <summary>Where it stands, or stood last on its way: the mean of the fixes there.</summary>
    public Place Place { get; init; }

    /// <summary>
    /// On a trip the first fix at that place, the stop's beginning if it becomes one. While parked the point that the van keeps
    /// to: it follows drift, and a van that is faster than drift away from it may be setting off.
    /// </summary>
    public Waypoint Rest { get; init; }

    /// <summary>Fixes in the mean.</summary>
    public int RestFixes { get; init; }

    /// <summary>
    /// While parked: where and when it was last still, which is where a trip begins; after a silence when it must have set off.
    /// Or the first fix after a way that nobody saw.
    /// </summary>
    public Waypoint LastStill { get; init; }

    /// <summary>Whether that first one is at another place: the stop moves there unless the van is seen to drive on.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>The first of the fixes that are elsewhere; null while the van is at its place.</summary>
    public Waypoint? Away { get; init; }

    /// <summary>On a trip: when a van that stands will have stopped, unless a fix says that it went on; null while it moves.</summary>
    public DateTimeOffset? StopsAt { get; init; }

    /// <summary>
    /// Whether the ignition was reported on since the last stop was decided. Only then "off" means anything: a wire that is not
    /// connected reports it for ever.
    /// </summary>
    public bool HasIgnition { get; init; }

    /// <summary>The last believed fix.</summary>
    public Waypoint Here { get; init; }

    /// <summary>A fix too far from it for the time since; null where the one before was believed. Another that agrees with it overrules.</summary>
    public Sighting? Doubted { get; init; }

    /// <summary>The point to which the distance is counted: steps within the error add up to nothing.</summary>
    public Waypoint Counted { get; init; }

    /// <summary>The speed that the tracker reported there, km/h.</summary>
    public double? CountedKmh { get; init; }

    /// <summary>
    /// The point counted before that one, where the step between them was too long for the reported speeds: if the next fix is
    /// within their reach again, the one between was aside.
    /// </summary>
    public Waypoint? Before { get; init; }

    /// <summary>The speed that the tracker reported there, km/h.</summary>
    public double BeforeKmh { get; init; }

    /// <summary>Fixes in a row above the speed that is told.</summary>
    public int FastFixes { get; init; }

    /// <summary>Whether it was told and the speed has not fallen since.</summary>
    public bool Speeding { get; init; }
}

/// <summary>A trip or a stop ended where another began: a stop where a trip did, or another stop to which no way was seen.</summary>
/// <param name="At">Where and when; with the distance and top speed of a trip that ended.</param>
/// <param name="To">The state right after: what began.</param>
internal sealed record Turn(Waypoint At, MotionState To);
