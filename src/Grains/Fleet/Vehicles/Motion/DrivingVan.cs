using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>The rules of a van on a trip: does it stand still, and for long enough?</summary>
internal sealed class DrivingVan(MotionOptions options, DrivenWay way, ParkedVan parked)
{
    /// <inheritdoc cref="ParkedVan.Step"/>
    public MotionState Step(in MotionState state, in PositionFix fix, bool jumped, out Turn? turn)
    {
        turn = null;
        if (!jumped && FindUnseenStop(state, fix) is var (start, place))
        {
            return Park(start, place, fix, out turn);
        }

        var next = jumped ? DrivenWay.Arrive(state, fix) with { Away = null } : way.Follow(state, fix);
        var moves = fix.SpeedKmh >= options.MovingKmh;
        var (isAtPlace, isAway) = moves ? (false, false) : Where(next, fix);
        if (isAway)
        {
            next = At(next, next.Away!.Value);
            isAtPlace = true;
        }

        if (isAtPlace && !(next.RestFixes == 1 && GoesOn(next.Rest, fix)))
        {
            next = next with { Away = null, Place = Mean(next, fix), RestFixes = next.RestFixes + 1, StopsAt = next.Rest.Time + StopAfter(next, fix) };
            return fix.FixTime >= next.StopsAt ? Park(next.Rest, next.Place, fix, out turn) : next;
        }

        if (!isAway && next.Away is { } away)
        {
            next = At(next, away);
        }

        var mayStand = !moves && (fix.SpeedKmh is not null || IsOff(next, fix));
        return next with { Away = next.Here, StopsAt = mayStand ? fix.FixTime + StopAfter(next, fix) : null };
    }

    /// <summary>
    /// Where and when a van stopped that fell silent; null where it has driven on. Found standing elsewhere, it stood there; found
    /// moving, it stood where it was last heard of.
    /// </summary>
    private (Waypoint Start, Place Place)? FindUnseenStop(in MotionState state, in PositionFix fix)
    {
        var silence = SilentWay.Between(state.Here, fix);
        var isLong = silence.Lasted > options.Gap;
        if (isLong && silence.Meters > options.TowMeters)
        {
            // What nobody saw is not invented: the trip ended at the last fix.
            return (state.Here, state.Here.Place);
        }

        var lingers = state.RestFixes > 1 && state.Away is null;
        var stood = state.StopsAt is { } stopsAt ? fix.FixTime - silence.Travel >= stopsAt : silence.Idle >= options.StopAfter;
        if (!isLong && !(stood && (lingers || silence.IsMostlyIdle)))
        {
            return null;
        }

        var (start, place) = lingers ? (state.Rest, state.Place) : (state.Here, state.Here.Place);
        return fix.SpeedKmh >= options.MovingKmh || fix.MetersBeyond(place) <= options.StopMeters ? (start, place)
            : (way.Follow(state, fix).Here with { Time = state.Here.Time + silence.Travel }, Place.Of(fix));
    }

    private MotionState Park(in Waypoint start, Place place, in PositionFix fix, out Turn? turn)
    {
        var ended = parked.Stand(start, place, fix);
        turn = new(start, ended);
        return ended;
    }

    /// <summary>Whether a fix is at the place of those before, or rather at that of the last one.</summary>
    private (bool IsAtPlace, bool IsAway) Where(in MotionState state, in PositionFix fix)
    {
        var isAtPlace = fix.MetersBeyond(state.Place) <= options.StopMeters;
        // On the way each fix is a place of its own, and the nearer one counts.
        var isAway = state.Away is { } away && fix.MetersBeyond(away.Place) <= options.StopMeters
            && (!isAtPlace || (state.RestFixes == 1 && fix.MetersFrom(away.Place) < fix.MetersFrom(state.Place)));
        return (isAtPlace, isAway);
    }

    /// <summary>Whether the van has gone on from a single fix, whatever its tracker reports.</summary>
    private bool GoesOn(in Waypoint from, in PositionFix fix) =>
        fix.MetersBeyond(from.Place) > options.MovingKmh / 3.6 * (fix.FixTime - from.Time).TotalSeconds;

    private TimeSpan StopAfter(in MotionState state, in PositionFix fix) => IsOff(state, fix) ? options.IgnitionOffAfter : options.StopAfter;

    private static bool IsOff(in MotionState state, in PositionFix fix) => state.HasIgnition && fix.Ignition is false;

    private static MotionState At(in MotionState state, in Waypoint rest) =>
        state with { Rest = rest, Place = rest.Place, RestFixes = 1, Away = null };

    /// <summary>The mean of the first fixes at a place; later ones don't move it, so that drift can't carry it away.</summary>
    private static Place Mean(in MotionState state, in PositionFix fix)
    {
        const int Enough = 60;
        var n = state.RestFixes + 1;
        return n > Enough ? state.Place : new(
            state.Place.Latitude + ((fix.Latitude - state.Place.Latitude) / n),
            state.Place.Longitude + ((fix.Longitude - state.Place.Longitude) / n));
    }
}
