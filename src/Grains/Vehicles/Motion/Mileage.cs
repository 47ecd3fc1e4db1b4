namespace ChargeCars.Vehicles.Motion;

/// <summary>
/// What trips add to a vehicle's mileage: its own count where the tracker sends it, else the distance. Once a trip, when
/// it has ended: whole kilometres, and the rest is carried on.
/// </summary>
internal static class Mileage
{
    /// <summary>The metres that stay uncounted, and the command to the vehicle; null where there is nothing to say.</summary>
    /// <param name="uncounted">Metres so far.</param>
    /// <param name="legs">The legs as they are now.</param>
    /// <param name="replaced">The ones in whose place they come, whose distance was counted.</param>
    /// <param name="driving">Whether the vehicle set off or stopped; null where neither is new.</param>
    public static (double Uncounted, FollowMotion? Command) After(
        double uncounted, IReadOnlyList<Leg> legs, IReadOnlyList<Leg> replaced, bool? driving)
    {
        var odometer = legs.LastOrDefault(leg => leg is { IsTrip: true, End.OdometerKm: not null })?.End?.OdometerKm;
        var metres = uncounted + Driven(legs) - Driven(replaced);
        // A repair may find that less was driven than was counted: that much is not counted again.
        var add = Math.Max(0, (int)(metres / 1000));
        return (metres - (add * 1000.0), driving is null && odometer is null && add == 0 ? null : new FollowMotion(driving, odometer, add));
    }

    private static double Driven(IReadOnlyList<Leg> legs) => legs.Sum(leg => leg.End?.OdometerKm is null ? leg.Meters : 0);
}
