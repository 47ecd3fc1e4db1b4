using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>A trip or a stop; a row of <c>vehicle_trip</c>. A vehicle's legs follow each other without a hole.</summary>
/// <param name="IsTrip">Else a stop.</param>
/// <param name="Start">Where and when it began.</param>
/// <param name="Place">Where a stop is.</param>
/// <param name="DecidedBy">The fix that decided that it began.</param>
/// <param name="End">Where and when it ended, with the distance and top speed of a trip; null while it lasts.</param>
internal sealed record Leg(bool IsTrip, Waypoint Start, Place Place, FixKey DecidedBy, Waypoint? End)
{
    /// <summary>The leg that lasts in a state.</summary>
    public static Leg Open(in MotionState state) => new(
        state.Driving, state.Start, state.Driving ? new(state.Start.Latitude, state.Start.Longitude) : state.Place, state.DecidedBy, null);

    /// <summary>Metres; zero for a stop and while it lasts.</summary>
    public double Meters => IsTrip && End is { } end ? end.Meters : 0;

    /// <summary>km/h; null for a stop and while it lasts.</summary>
    public double? TopKmh => IsTrip ? End?.TopKmh : null;

    /// <summary>Whether another began the same way, so that all after it is the same if the fixes are.</summary>
    public bool BeganAs(Leg other) =>
        IsTrip == other.IsTrip && Start == other.Start && Place == other.Place && DecidedBy == other.DecidedBy;
}
