using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// Driving or standing, fix by fix: the one algorithm of the live state and of the history. Pure; the fixes come in the
/// order of <see cref="FixOrder"/>. A van is judged by its distance from the place where it stands, each fix's own error
/// taken off, and never by a single fix: an outlier is followed by its contradiction, and if the outlier was the one that
/// was believed, two that agree with each other overrule it. Two radii, so that a van between them stays what it is.
/// </summary>
internal sealed class MotionFold
{
    private readonly MotionOptions _options;
    private readonly PositionOptions _positions;
    private readonly ParkedVan _parked;
    private readonly DrivingVan _driving;

    public MotionFold(MotionOptions options, PositionOptions positions)
    {
        var way = new DrivenWay(options);
        (_options, _positions) = (options, positions);
        _parked = new(options, way);
        _driving = new(options, way, _parked);
    }

    /// <summary>The first fix of a vehicle: it stands where it was first seen, until it moves.</summary>
    public MotionState Begin(in PositionFix fix) => Stand(Waypoint.Of(fix), Place.Of(fix), fix);

    /// <summary>The state at the fix that decided a stop.</summary>
    /// <param name="start">Where and when the stop began.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="fix">The fix that decided it.</param>
    public MotionState Stand(in Waypoint start, Place place, in PositionFix fix) => _parked.Stand(start, place, fix);

    /// <summary>The state after the next fix, and the turn that it decides, if any.</summary>
    public MotionState Step(in MotionState state, in PositionFix fix, out Turn? turn)
    {
        turn = null;
        var key = new FixKey(fix.FixTime, fix.Source);
        if (fix.FixTime == state.Head.FixTime || fix.AccuracyMeters > _options.MaxAccuracyMeters)
        {
            return state with { Head = key };
        }

        var jumped = !IsReachable(state.Here, fix);
        if (jumped && !Confirms(state.Doubted, fix))
        {
            return state with { Head = key, Doubted = Sighting.Of(fix) };
        }

        var next = Watch(state, fix) with { Head = key, Doubted = null, HasIgnition = state.HasIgnition || fix.Ignition is true };
        return state.Driving ? _driving.Step(next, fix, jumped, out turn) : _parked.Step(next, fix, jumped, out turn);
    }

    private MotionState Watch(in MotionState state, in PositionFix fix)
    {
        if (fix.SpeedKmh is not { } speed)
        {
            return state;
        }

        var fast = speed > _options.OverspeedKmh ? Math.Min(state.FastFixes + 1, 2) : 0;
        return state with
        {
            FastFixes = fast,
            Speeding = fast == 2 || (state.Speeding && speed > _options.OverspeedKmh - _options.OverspeedHysteresisKmh),
        };
    }

    // As the tracker has it: where two fixes agree with each other, it is the believed one that was wrong.
    private bool Confirms(in Sighting? doubted, in PositionFix fix) =>
        doubted is { } candidate && PositionJudge.IsReachable(candidate, Sighting.Of(fix), _positions);

    private bool IsReachable(in Waypoint from, in PositionFix to) => PositionJudge.IsReachable(
        new(from.Time, from.Latitude, from.Longitude, null), Sighting.Of(to), _positions);
}
