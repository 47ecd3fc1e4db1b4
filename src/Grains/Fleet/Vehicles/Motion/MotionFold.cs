using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// Driving or standing, fix by fix: the one algorithm of the live state and of the history. Pure; the fixes come in the
/// order of <see cref="FixOrder"/>. A van is judged by its distance from the place where it stands, each fix's own error
/// taken off, and never by a single fix: an outlier is followed by its contradiction, and if the outlier was the one that
/// was believed, two that agree with each other overrule it. Two radii, so that a van between them stays what it is.
/// </summary>
internal sealed class MotionFold(MotionOptions options, PositionOptions positions)
{
    /// <summary>The error radius taken for a fix that states none, metres.</summary>
    private const double UnstatedAccuracy = 25;

    /// <summary>A larger error is not believed to be an excuse, metres.</summary>
    private const double MostSlack = 100;

    /// <summary>Shorter steps are not counted as distance, metres.</summary>
    private const double ShortestStep = 10;

    /// <summary>The first fix of a vehicle: it stands where it was first seen, until it moves.</summary>
    public MotionState Begin(in PositionFix fix)
    {
        var here = Waypoint.Of(fix);
        return Stand(here, new Place(fix.Latitude, fix.Longitude), fix);
    }

    /// <summary>The state at the fix that decided a stop.</summary>
    /// <param name="start">Where and when the stop began.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="fix">The fix that decided it.</param>
    public MotionState Stand(in Waypoint start, Place place, in PositionFix fix)
    {
        var here = Waypoint.Of(fix);
        var key = new FixKey(fix.FixTime, fix.Source);
        return new()
        {
            Head = key,
            Start = start.AtRest(),
            DecidedBy = key,
            Place = place,
            Rest = start.AtRest(),
            LastStill = here,
            Here = here,
            Counted = here,
            IsElsewhere = BeyondPlace(fix, place) > options.StartMeters,
        };
    }

    /// <summary>The state after the next fix, and the turn that it decides, if any.</summary>
    public MotionState Step(in MotionState state, in PositionFix fix, out Turn? turn)
    {
        turn = null;
        var key = new FixKey(fix.FixTime, fix.Source);
        if (fix.FixTime == state.Head.FixTime || fix.AccuracyMeters > options.MaxAccuracyMeters)
        {
            return state with { Head = key };
        }

        var jumped = !IsReachable(state.Here, fix);
        if (jumped && !Confirms(state.Doubted, fix))
        {
            return state with { Head = key, Doubted = Sighting.Of(fix) };
        }

        var silent = fix.FixTime - state.Here.Time > options.Gap;
        if (silent && state.Driving)
        {
            var ended = Stand(state.Here, new(state.Here.Latitude, state.Here.Longitude), fix);
            turn = new(state.Here, ended);
            return ended;
        }

        var unseen = silent || jumped;
        var here = unseen ? Arrive(state, fix) : Follow(state, fix);
        var next = Watch(state, fix) with
        {
            Head = key,
            Doubted = null,
            Here = here,
            Counted = here.Meters > state.Counted.Meters || unseen ? here : state.Counted,
            Away = unseen ? null : state.Away,
        };
        return state.Driving ? Drive(next, here, fix, out turn) : Wait(next, here, fix, unseen, out turn);
    }

    /// <summary>A parked van: has it left?</summary>
    private MotionState Wait(in MotionState state, in Waypoint here, in PositionFix fix, bool unseen, out Turn? turn)
    {
        turn = null;
        var beyond = BeyondPlace(fix, state.Place);
        var moves = fix.SpeedKmh >= options.MovingKmh;
        var unmoved = fix.Ignition is false || (fix.SpeedKmh is not null && here.TopKmh < options.MovingKmh);
        var radius = unmoved ? options.TowMeters
            : fix.Ignition is true && moves ? options.StopMeters
            : options.StartMeters;
        if (beyond <= radius)
        {
            // It may be setting off: the trip began where it last stood, not where it could no longer be doubted.
            return moves && beyond > 0 && fix.Ignition is not false && !unseen && !state.IsElsewhere
                ? state with { Away = null }
                : state with { Away = null, IsElsewhere = false, LastStill = here.AtRest(), Here = here.AtRest(), Counted = here.AtRest() };
        }

        // Where it was found it stands by the same rule, and has left it by the same rule.
        var found = new Place(state.LastStill.Latitude, state.LastStill.Longitude);
        var stays = state.IsElsewhere && BeyondPlace(fix, found) <= radius;
        if (stays && !(moves && fix.Ignition is not false) && here.Time - state.LastStill.Time >= options.StartAfter)
        {
            var moved = Stand(state.LastStill, found, fix);
            turn = new(state.LastStill, moved);
            return moved;
        }

        // What nobody saw is not known and not invented: a trip begins at the first fix after it.
        if (unseen)
        {
            return state with { IsElsewhere = true, LastStill = here };
        }

        if (stays)
        {
            return state with { Away = null };
        }

        if (state.Away is not { } away)
        {
            return state with { Away = here };
        }

        if (here.Time - away.Time < options.StartAfter)
        {
            return state;
        }

        var left = state with
        {
            Driving = true,
            Start = state.LastStill,
            DecidedBy = state.Head,
            Place = new(away.Latitude, away.Longitude),
            Rest = away,
            RestFixes = 1,
            LastStill = default,
            Away = null,
            IsElsewhere = false,
        };
        turn = new(state.LastStill, left);
        return left;
    }

    /// <summary>A driving van: does it stand still, and for long enough?</summary>
    private MotionState Drive(in MotionState state, in Waypoint here, in PositionFix fix, out Turn? turn)
    {
        turn = null;
        var moves = fix.SpeedKmh >= options.MovingKmh;
        if (!moves && BeyondPlace(fix, state.Place) <= options.StopMeters)
        {
            return Linger(state with { Away = null, Place = Mean(state, fix), RestFixes = state.RestFixes + 1 }, fix, out turn);
        }

        if (!moves && fix.Ignition is false)
        {
            return Linger(At(state, here), fix, out turn);
        }

        if (state.Away is not { } away)
        {
            return state with { Away = here };
        }

        var elsewhere = At(state, away);
        return !moves && BeyondPlace(fix, elsewhere.Place) <= options.StopMeters
            ? Linger(elsewhere with { Place = Mean(elsewhere, fix), RestFixes = 2 }, fix, out turn)
            : elsewhere with { Away = here };
    }

    private MotionState Linger(in MotionState state, in PositionFix fix, out Turn? turn)
    {
        turn = null;
        if (fix.Ignition is not false && fix.FixTime - state.Rest.Time < options.StopAfter)
        {
            return state;
        }

        var parked = Stand(state.Rest, state.Place, fix);
        turn = new(state.Rest, parked);
        return parked;
    }

    private static MotionState At(in MotionState state, in Waypoint rest) =>
        state with { Rest = rest, Place = new(rest.Latitude, rest.Longitude), RestFixes = 1, Away = null };

    /// <summary>At a fix to which no way was seen: a trip goes on there with what it had, and the way adds nothing.</summary>
    private static Waypoint Arrive(in MotionState state, in PositionFix fix) =>
        state.Driving ? Waypoint.Of(fix, state.Counted.Meters, state.Here.TopKmh) : Waypoint.Of(fix);

    /// <summary>The distance and top speed up to a fix.</summary>
    private static Waypoint Follow(in MotionState state, in PositionFix fix)
    {
        var (from, top) = (state.Counted, state.Here.TopKmh);
        var step = Geo.Distance(from.Latitude, from.Longitude, fix.Latitude, fix.Longitude);
        var counts = step >= Math.Max(ShortestStep, Math.Min(fix.AccuracyMeters ?? UnstatedAccuracy, MostSlack));
        var speed = fix.SpeedKmh ?? (counts && fix.FixTime > from.Time ? step / (fix.FixTime - from.Time).TotalSeconds * 3.6 : 0);
        return Waypoint.Of(fix, from.Meters + (counts ? step : 0), Math.Max(top, speed));
    }

    private MotionState Watch(in MotionState state, in PositionFix fix)
    {
        if (fix.SpeedKmh is not { } speed)
        {
            return state;
        }

        var fast = speed > options.OverspeedKmh ? Math.Min(state.FastFixes + 1, 2) : 0;
        return state with
        {
            FastFixes = fast,
            Speeding = fast == 2 || (state.Speeding && speed > options.OverspeedKmh - options.OverspeedHysteresisKmh),
        };
    }

    /// <summary>The mean of the first fixes at a place; later ones don't move it, so that drift can't carry it away.</summary>
    private static Place Mean(in MotionState state, in PositionFix fix)
    {
        const int Enough = 60;
        var n = state.RestFixes + 1;
        return n > Enough ? state.Place : new(
            state.Place.Latitude + ((fix.Latitude - state.Place.Latitude) / n),
            state.Place.Longitude + ((fix.Longitude - state.Place.Longitude) / n));
    }

    /// <summary>Metres from a place beyond the fix's own error.</summary>
    private static double BeyondPlace(in PositionFix fix, Place place) =>
        Geo.Distance(place.Latitude, place.Longitude, fix.Latitude, fix.Longitude)
        - Math.Min(fix.AccuracyMeters ?? UnstatedAccuracy, MostSlack);

    // As the tracker has it: where two fixes agree with each other, it is the believed one that was wrong.
    private bool Confirms(in Sighting? doubted, in PositionFix fix) =>
        doubted is { } candidate && PositionJudge.IsReachable(candidate, Sighting.Of(fix), positions);

    private bool IsReachable(in Waypoint from, in PositionFix to) => PositionJudge.IsReachable(
        new(from.Time, from.Latitude, from.Longitude, null), Sighting.Of(to), positions);
}
