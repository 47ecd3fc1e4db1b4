using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// Folds a part of a vehicle's history anew: from the last stop that was decided before the first late fix until a stop
/// begins, after the last late fix, as it did before. From there on everything is as it was.
/// </summary>
/// <param name="fold">The rules.</param>
/// <param name="stored">The legs as they are, from that stop on; all of them where there is none.</param>
/// <param name="late">The late fixes.</param>
internal sealed class MotionRepair(MotionFold fold, IReadOnlyList<Leg> stored, LateFixes late)
{
    private readonly Leg? _anchor = stored.Count > 0 && !stored[0].IsTrip && stored[0].DecidedBy.FixTime < late.First ? stored[0] : null;
    private readonly List<Leg> _legs = [];

    /// <summary>The fix after which those to be taken begin.</summary>
    // A stop is decided by the first fix of its moment, so this passes no fix over. Without one all begins anew, with the first
    // leg: the stop before it may have taken no time, and is not among the legs then.
    public FixKey After => new(_anchor?.DecidedBy.FixTime ?? (stored.Count > 0 && stored[0].Start.Time < late.First ? stored[0].Start.Time : late.First), "");

    /// <summary>The legs as they are now, up to <see cref="Kept"/> or the one that lasts.</summary>
    public IReadOnlyList<Leg> Legs => _legs;

    /// <summary>The state after the last fix taken; null where there was none.</summary>
    public MotionState? State { get; private set; }

    /// <summary>The first leg that stays as it was; null where none does.</summary>
    public Leg? Kept { get; private set; }

    /// <summary>The legs that are replaced.</summary>
    public IReadOnlyList<Leg> Replaced => Kept is null ? stored : [.. stored.TakeWhile(leg => leg != Kept)];

    /// <summary>Where the first leg that changes begins.</summary>
    public DateTimeOffset From => stored.Take(1).Concat(_legs.Take(1)).Select(leg => leg.Start.Time).Append(late.First).Min();

    /// <summary>Whether anything changes.</summary>
    public bool Changes => !_legs.SequenceEqual(Replaced);

    /// <summary>Takes the next fix. True when it is done.</summary>
    public bool Take(in PositionFix fix)
    {
        if (State is not { } state)
        {
            State = _anchor is null ? fold.Begin(fix) : fold.Stand(_anchor.Start, _anchor.Place, fix);
            _legs.Add(Leg.Open(State.Value));
            return false;
        }

        State = fold.Step(state, fix, out var turn);
        if (turn is null)
        {
            return false;
        }

        _legs[^1] = _legs[^1] with { End = turn.At };
        var began = Leg.Open(turn.To);
        if (!began.IsTrip && fix.FixTime > late.Last && stored.FirstOrDefault(began.BeganAs) is { } same)
        {
            Kept = same;
            return true;
        }

        _legs.Add(began);
        return false;
    }
}
