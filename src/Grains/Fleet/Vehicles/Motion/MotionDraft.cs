using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>
/// What follows from a vehicle's fixes and is not on disk yet: the legs from the one that lasts there to the one that lasts,
/// and what is to be told of it.
/// </summary>
internal sealed class MotionDraft(Guid vehicleId, MotionFold fold, MotionNews news)
{
    private readonly List<Leg> _legs = [];
    private readonly List<NewChange> _news = [];

    /// <summary>The fold's memory; null before the first fix.</summary>
    public MotionState? State { get; private set; }

    public IReadOnlyList<Leg> Legs => _legs;

    public IReadOnlyList<NewChange> News => _news;

    /// <summary>Begins again with what is on disk.</summary>
    public void Reset(MotionState? state)
    {
        State = state;
        _legs.Clear();
        _news.Clear();
        if (state is { } known)
        {
            _legs.Add(Leg.Open(known));
        }
    }

    /// <summary>These are on disk now; what was folded since stays.</summary>
    public void Saved(int legs, int news)
    {
        _legs.RemoveRange(0, legs - 1);
        _news.RemoveRange(0, news);
    }

    /// <summary>
    /// A fix may be read from the disk before its writer's answer comes. Those up to the head were: a vehicle's fixes become
    /// visible in the order of their writes.
    /// </summary>
    public void FoldUnlessRead(in PositionFix fix)
    {
        if (State is not { } state || fix.CompareTo(state.Head) > 0)
        {
            Fold(fix);
        }
    }

    public void Fold(in PositionFix fix)
    {
        if (State is not { } state)
        {
            Reset(fold.Begin(fix));
            return;
        }

        var next = fold.Step(state, fix, out var turn);
        if (turn is not null)
        {
            _legs[^1] = _legs[^1] with { End = turn.At };
            _legs.Add(Leg.Open(turn.To));
            _news.Add(news.Turned(vehicleId, _legs[^2], _legs[^1]));
        }

        if (next.Speeding && !state.Speeding)
        {
            _news.Add(news.Overspeed(vehicleId, fix));
        }

        State = next;
    }
}
