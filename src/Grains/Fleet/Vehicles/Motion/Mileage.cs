using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// What trips add to a vehicle's mileage: the difference of its own count where that can be believed, else the distance. Once
/// a trip, when it has ended: whole kilometres, and the rest is carried on.
/// </summary>
internal sealed class Mileage(MotionOptions motion, PositionOptions positions)
{
    /// <summary>The metres that stay uncounted, and the command to the vehicle; null where there is nothing to say.</summary>
    /// <param name="uncounted">Metres so far.</param>
    /// <param name="legs">The legs as they are now.</param>
    /// <param name="replaced">The ones in whose place they come, which were counted.</param>
    /// <param name="driving">Whether the vehicle set off or stopped; null where neither is new.</param>
    public (double Uncounted, FollowMotion? Command) After(
        double uncounted, IReadOnlyList<Leg> legs, IReadOnlyList<Leg> replaced, bool? driving)
    {
        var metres = uncounted + legs.Sum(Driven) - replaced.Sum(Driven);
        // A repair may find that less was driven than was counted: that much is not counted again.
        var add = Math.Max(0, (int)(metres / 1000));
        var odometer = legs.LastOrDefault(leg => leg is { IsTrip: true, End: { } end } && CountedTo(leg, end, end.Meters) is not null)?.End?.OdometerKm;
        return (metres - (add * 1000.0), driving is null && add == 0 ? null : new FollowMotion(driving, odometer, add));
    }

    /// <summary>Metres that a leg adds; zero while it lasts. A stop adds the way that nobody saw to where it ended, if it was counted.</summary>
    public double Driven(Leg leg)
    {
        // A leg that took no time is not kept, so a repair could not take off what it added.
        if (leg.End is not { } end || end.Time == leg.Start.Time)
        {
            return 0;
        }

        if (leg.IsTrip)
        {
            return CountedTo(leg, end, end.Meters) ?? end.Meters;
        }

        var away = Geo.Distance(leg.Place.Latitude, leg.Place.Longitude, end.Latitude, end.Longitude);
        return away <= motion.StartMeters ? 0 : CountedTo(leg, end, away) ?? 0;
    }

    private double? CountedTo(Leg leg, Waypoint end, double metres) =>
        Counted(leg.Start.OdometerKm, end.OdometerKm, metres, end.Time - leg.Start.Time, positions.MaxSpeedKmh);

    /// <summary>
    /// Metres by the vehicle's own count; null where it has none or can't be right: it went back, as of another tracker, or faster
    /// than a vehicle can, as with a value that is none, or it stood still on the way, as of a tracker that only pretends to count.
    /// </summary>
    /// <param name="fromKm">The count at the beginning, km.</param>
    /// <param name="toKm">The count at the end, km.</param>
    /// <param name="metres">The distance by the fixes.</param>
    /// <param name="took">The time between.</param>
    /// <param name="mostKmh">The highest speed that is believed, km/h.</param>
    public static double? Counted(double? fromKm, double? toKm, double metres, TimeSpan took, double mostKmh)
    {
        var counted = (toKm - fromKm) * 1000;
        // Fixes cut corners and add noise, but not the half of the way.
        return counted > 0 && counted >= metres / 2 && counted <= mostKmh / 3.6 * took.TotalSeconds ? counted : null;
    }
}
