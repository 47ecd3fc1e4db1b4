using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// The time and the way between two fixes. Garages and cellars are the normal case: a van that is found near the place where
/// it fell silent has stood for most of that time, not driven.
/// </summary>
/// <param name="Lasted">The time between the fixes.</param>
/// <param name="Meters">The distance between them, the later one's error taken off.</param>
internal readonly record struct SilentWay(TimeSpan Lasted, double Meters)
{
    /// <summary>The speed at which a way that nobody saw is taken to have been driven, km/h: that of a town, lights included.</summary>
    private const double Kmh = 30;

    /// <summary>A way that takes at most this part of the silence was not driven all the time.</summary>
    private const double Fraction = 0.25;

    /// <summary>How long the way took: whole seconds, as such times are stored, and one at least, as no trip takes no time.</summary>
    public TimeSpan Travel => TimeSpan.FromSeconds(Math.Min(Math.Max(1, Math.Round(Meters / Kmh * 3.6)), Math.Floor(Lasted.TotalSeconds)));

    /// <summary>The rest of the time.</summary>
    public TimeSpan Idle => Lasted - Travel;

    /// <summary>Whether the way took only a fraction of the time.</summary>
    public bool IsMostlyIdle => Travel <= Lasted * Fraction;

    public static SilentWay Between(in Waypoint from, in PositionFix to) =>
        new(to.FixTime - from.Time, Math.Max(0, to.MetersBeyond(from.Place)));
}
