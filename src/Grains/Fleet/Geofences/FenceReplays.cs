namespace ChargeCars.Fleet.Geofences;

/// <summary>A stretch of a vehicle's history, replayed at each fence that its late fixes were near to or that it was inside of.</summary>
/// <param name="fences">The fences.</param>
/// <param name="known">What is on record of the stretch.</param>
/// <param name="first">The fix time of the first that came late, UTC.</param>
/// <param name="last">That of the last, UTC.</param>
internal sealed class FenceReplays(FenceIndex fences, CrossingHistory known, DateTimeOffset first, DateTimeOffset last)
{
    private readonly Dictionary<Guid, Replay> _replays = known.Inside
        .Where(inside => fences.Find(inside.Key) is not null)
        .ToDictionary(inside => inside.Key, inside => new Replay(fences.Find(inside.Key)!, new Stay(inside.Key, Counts: true, inside.Value)) { IsAtStake = true });

    private DateTimeOffset _now = DateTimeOffset.MinValue;

    /// <summary>Whether the vehicle is, at the last fix, where the record says that it was then.</summary>
    public bool AgreeWithTheRecord => _replays.Values.All(replay => !replay.IsAtStake || replay.IsInside == IsInsideByRecord(replay.Fence.Id));

    /// <summary>Takes the next fix, in the order of time.</summary>
    public void Take(in FenceFix fix)
    {
        if (fix.Time <= _now)
        {
            return; // Another tracker's of the same moment: as live, the first one counts.
        }

        _now = fix.Time;
        if (fix.Time <= last)
        {
            foreach (var fence in fences.Near(fix.Latitude, fix.Longitude))
            {
                Meet(fence);
            }

            foreach (var fence in fences.Wide)
            {
                Meet(fence);
            }
        }

        foreach (var replay in _replays.Values)
        {
            replay.Take(fix);
        }
    }

    /// <summary>What is to be put on record, in the order in which it was decided.</summary>
    public IEnumerable<Crossing> Missing() => _replays.Values
        .Where(replay => replay.IsAtStake)
        .SelectMany(replay => LateCrossings.Missing(
            replay.Found, [.. known.Recorded[replay.Fence.Id]], known.Inside.ContainsKey(replay.Fence.Id)))
        .OrderBy(crossing => crossing.Decided.Time);

    private void Meet(Fence fence)
    {
        if (!_replays.TryGetValue(fence.Id, out var replay))
        {
            _replays[fence.Id] = replay = new(fence, null);
        }

        replay.IsAtStake |= _now >= first;
    }

    private bool IsInsideByRecord(Guid fence)
    {
        var inside = known.Inside.ContainsKey(fence);
        foreach (var recorded in known.Recorded[fence])
        {
            if (recorded.At > _now)
            {
                break;
            }

            inside = recorded.Entered;
        }

        return inside;
    }

    private sealed class Replay(Fence fence, Stay? stay)
    {
        private Stay? _stay = stay;

        public Fence Fence { get; } = fence;

        /// <summary>Whether late fixes may have changed something there.</summary>
        public bool IsAtStake { get; set; }

        public List<Crossing> Found { get; } = [];

        public bool IsInside => _stay is { Counts: true };

        public void Take(in FenceFix fix)
        {
            // Most fixes are nowhere near, and decide nothing where the vehicle is not.
            if (_stay is null && !MayBeInside(fix))
            {
                return;
            }

            (_stay, var crossing) = FenceTracker.Look(Fence, _stay, fix);
            if (crossing is not null)
            {
                Found.Add(crossing);
            }
        }

        private bool MayBeInside(in FenceFix fix) => !Fence.Bounds.IsPlain
            || (fix.Latitude >= Fence.Bounds.South && fix.Latitude <= Fence.Bounds.North
                && fix.Longitude >= Fence.Bounds.West && fix.Longitude <= Fence.Bounds.East);
    }
}
