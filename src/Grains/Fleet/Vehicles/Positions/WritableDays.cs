using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions.Days;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>
/// Makes the partitions that fixes need, when the first of their day comes. What this host has seen it does not ask for
/// again, so that fixes of the days around today cost a look-up each.
/// </summary>
internal sealed class WritableDays(PositionPartitions partitions)
{
    private readonly Lock _changing = new();

    // Replaced as a whole, so that the writers read it without a lock.
    private volatile HashSet<DateOnly> _seen = [];

    /// <summary>Returns when every fix of the writes has a partition to go to.</summary>
    public async Task EnsureAsync(List<PositionWrite> writes, CancellationToken cancellation)
    {
        if (Unseen(writes) is { } days)
        {
            await partitions.EnsureAsync(days, cancellation);
            Replace(seen => [.. seen, .. days.Select(day => day.Date)]);
        }
    }

    /// <summary>Forgets that it has seen the days of these writes: one of them is gone.</summary>
    public void Forget(List<PositionWrite> writes)
    {
        var days = writes.SelectMany(write => write.Fixes, (_, fix) => PositionDay.Of(fix.FixTime).Date).ToHashSet();
        Replace(seen => [.. seen.Except(days)]);
    }

    private HashSet<PositionDay>? Unseen(List<PositionWrite> writes)
    {
        var seen = _seen;
        HashSet<PositionDay>? unseen = null;
        foreach (var write in writes)
        {
            foreach (ref readonly var fix in write.Fixes.AsSpan())
            {
                var day = PositionDay.Of(fix.FixTime);
                if (!seen.Contains(day.Date))
                {
                    (unseen ??= []).Add(day);
                }
            }
        }

        return unseen;
    }

    private void Replace(Func<HashSet<DateOnly>, HashSet<DateOnly>> change)
    {
        lock (_changing)
        {
            _seen = change(_seen);
        }
    }
}
