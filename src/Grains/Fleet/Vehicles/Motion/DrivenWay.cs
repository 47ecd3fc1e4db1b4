using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// Counts the way from fix to fix. Steps within a fix's error add up to nothing. Nor does the detour to a single fix aside, if
/// the trackers' own speeds before and after it rule that out.
/// </summary>
internal sealed class DrivenWay(MotionOptions options)
{
    /// <summary>Shorter steps are not counted as distance, metres.</summary>
    private const double ShortestStep = 10;

    /// <summary>
    /// How many times the reported speed a van may have driven on average between two fixes: a speed is that of a moment.
    /// </summary>
    private const double MostTimesReported = 1.6;

    /// <summary>The state at the next fix, with the distance and top speed up to it.</summary>
    public MotionState Follow(in MotionState state, in PositionFix fix)
    {
        var aside = state.Before is { } before && WasAside(before, state.BeforeKmh, state.Counted, fix);
        var (from, reported) = aside ? (state.Before!.Value, state.BeforeKmh) : (state.Counted, state.CountedKmh);
        var step = fix.MetersFrom(from.Place);
        var counts = step >= Math.Max(ShortestStep, FixError.Of(fix));
        var speed = fix.SpeedKmh ?? (counts && fix.FixTime > from.Time ? step / (fix.FixTime - from.Time).TotalSeconds * 3.6 : 0);
        var here = Waypoint.Of(fix, from.Meters + (counts ? step : 0), Math.Max(aside ? from.TopKmh : state.Here.TopKmh, speed));
        var isTooFar = counts && reported >= options.MovingKmh && Kmh(from, fix) > Limit(reported.Value, fix);
        return state with
        {
            Here = here,
            Counted = counts ? here : from,
            CountedKmh = counts ? fix.SpeedKmh : reported,
            Before = isTooFar ? from : null,
            BeforeKmh = isTooFar ? reported!.Value : 0,
        };
    }

    /// <summary>The state at a fix to which no way was seen: a trip goes on there with what it had, and the way adds nothing.</summary>
    public static MotionState Arrive(in MotionState state, in PositionFix fix)
    {
        var here = state.Driving ? Waypoint.Of(fix, state.Counted.Meters, state.Here.TopKmh) : Waypoint.Of(fix);
        return state with { Here = here, Counted = here, CountedKmh = fix.SpeedKmh, Before = null, BeforeKmh = 0 };
    }

    private bool WasAside(in Waypoint before, double reported, in Waypoint counted, in PositionFix fix) =>
        fix.SpeedKmh >= options.MovingKmh && Limit(reported, fix) is var limit && Kmh(counted, fix) > limit && Kmh(before, fix) <= limit;

    private static double Limit(double reported, in PositionFix fix) => MostTimesReported * Math.Max(reported, fix.SpeedKmh ?? 0);

    /// <summary>The average speed to a fix, km/h, its error taken off.</summary>
    private static double Kmh(in Waypoint from, in PositionFix fix) =>
        Math.Max(0, fix.MetersBeyond(from.Place)) / (fix.FixTime - from.Time).TotalSeconds * 3.6;
}
