using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>The rules of a van that stands: has it left, or was it found elsewhere?</summary>
internal sealed class ParkedVan(MotionOptions options, DrivenWay way)
{
    /// <summary>The state at the fix that decided a stop; it follows from these three alone, so that a repair can begin here.</summary>
    public MotionState Stand(in Waypoint start, Place place, in PositionFix fix)
    {
        var key = new FixKey(fix.FixTime, fix.Source);
        var state = new MotionState
        {
            Head = key,
            Start = start.AtRest(),
            DecidedBy = key,
            Place = place,
            HasIgnition = fix.Ignition is true,
        };
        if (Moves(fix) && fix.MetersBeyond(place) is > 0 and var away && (away <= options.TowMeters || fix.FixTime - start.Time <= options.Gap))
        {
            // It stood in silence, and this fix found it on its way again.
            var left = start.AtRest() with { Latitude = place.Latitude, Longitude = place.Longitude };
            left = left with { Time = fix.FixTime - SilentWay.Between(left, fix).Travel };
            return way.Follow(state with { Rest = left, LastStill = left, Here = left, Counted = left }, fix);
        }

        var here = Waypoint.Of(fix);
        return state with
        {
            Rest = here,
            LastStill = here,
            Here = here,
            Counted = here,
            CountedKmh = fix.SpeedKmh,
            IsElsewhere = fix.MetersBeyond(place) > options.StartMeters,
        };
    }

    /// <summary>The state after the next fix.</summary>
    /// <param name="state">The state before it.</param>
    /// <param name="fix">The fix.</param>
    /// <param name="jumped">Whether no van could have got there since the last one.</param>
    /// <param name="turn">What the fix decided; null for nothing.</param>
    public MotionState Step(in MotionState state, in PositionFix fix, bool jumped, out Turn? turn)
    {
        turn = null;
        var moves = Moves(fix);
        var silence = SilentWay.Between(state.Here, fix);
        var unseen = jumped || (silence.Lasted > options.Gap && !(moves && silence.Meters <= options.TowMeters));
        var next = unseen ? DrivenWay.Arrive(state, fix) : way.Follow(state, fix);
        var hasSetOff = !unseen && HasSetOff(state, fix);
        var (beyond, radius, after) = (fix.MetersBeyond(state.Place), options.TowMeters, options.StartAfter);
        if (next.Here.TopKmh >= options.MovingKmh && (fix.SpeedKmh is not null || fix.Ignition is true))
        {
            radius = fix.Ignition is true && moves ? options.StopMeters : options.StartMeters;
        }
        else if (hasSetOff && fix.SpeedKmh is null && beyond <= options.TowMeters)
        {
            // Its way alone says that it drives. A reflection comes back sooner, and drift is slower.
            (radius, after) = (options.StartMeters, options.StopAfter);
        }

        if (beyond <= radius)
        {
            // It may be setting off: the trip began where it last stood, not where it could no longer be doubted.
            return !unseen && !state.IsElsewhere && (moves ? beyond > 0 : hasSetOff)
                ? Rested(next, silence, fix) with { Away = null }
                : AtRest(next, fix);
        }

        // Where it was found it stands by the same rule, and has left it by the same rule.
        var stays = state.IsElsewhere && fix.MetersBeyond(state.LastStill.Place) <= radius;
        if (stays && !moves && fix.FixTime - state.LastStill.Time >= options.StartAfter)
        {
            var moved = Stand(state.LastStill, state.LastStill.Place, fix);
            turn = new(state.LastStill, moved);
            return moved;
        }

        // What nobody saw is not known and not invented: a trip begins at the first fix after it.
        if (unseen)
        {
            return next with { IsElsewhere = true, LastStill = next.Here, Away = null };
        }

        if (stays)
        {
            return next with { Away = null };
        }

        if (next.Away is null || moves)
        {
            next = Rested(next, silence, fix);
        }

        if (next.Away is not { } away)
        {
            return next with { Away = next.Here };
        }

        return fix.FixTime - away.Time < after ? next : Leave(next, away, out turn);
    }

    private static MotionState Leave(in MotionState state, in Waypoint away, out Turn? turn)
    {
        var left = state with
        {
            Driving = true,
            Start = state.LastStill,
            DecidedBy = state.Head,
            Place = away.Place,
            Rest = away,
            RestFixes = 1,
            LastStill = default,
            Away = null,
            IsElsewhere = false,
        };
        turn = new(state.LastStill, left);
        return left;
    }

    /// <summary>Faster away from its place, since it was last still there, than drift is.</summary>
    private bool HasSetOff(in MotionState state, in PositionFix fix) =>
        fix.MetersBeyond(state.Rest.Place) > options.MovingKmh / 3.6 * (fix.FixTime - state.LastStill.Time).TotalSeconds;

    /// <summary>After a silence it set off when the way to this fix began, not when the silence did.</summary>
    private MotionState Rested(in MotionState state, SilentWay silence, in PositionFix fix) => silence.Idle < options.StopAfter ? state : state with
    {
        LastStill = state.LastStill with { Time = fix.FixTime - silence.Travel },
        Away = null,
    };

    private static MotionState AtRest(in MotionState state, in PositionFix fix)
    {
        var here = state.Here.AtRest();
        return state with
        {
            LastStill = here,
            Rest = fix.MetersBeyond(state.Rest.Place) <= 0 ? state.Rest : here,
            Here = here,
            Counted = here,
            CountedKmh = fix.SpeedKmh,
            Before = null,
            BeforeKmh = 0,
            Away = null,
            IsElsewhere = false,
        };
    }

    private bool Moves(in PositionFix fix) => fix.SpeedKmh >= options.MovingKmh;
}
