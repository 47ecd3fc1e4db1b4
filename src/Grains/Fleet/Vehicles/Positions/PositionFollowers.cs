using System.Runtime.InteropServices;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>Who hears of positions once they are on disk: the screens' stream and the vehicles' rows.</summary>
/// <param name="publish">Takes the newest positions of vehicles of one commit, some hundreds at once, and the writer that made it.</param>
/// <param name="locations">Writes them to the vehicles' rows in its own time.</param>
internal sealed class PositionFollowers(Action<int, PositionsMoved> publish, CurrentLocationWriter locations)
{
    // More at once would be a large object, which only a collection of everything takes away.
    private const int AtOnce = 500;

    // Of one commit at a time; its room serves the next one.
    private readonly Dictionary<Guid, LivePosition> _newest = [];

    /// <summary>Never waits for long and never throws: the commit is done whatever becomes of this.</summary>
    public void Follow(int shard, IReadOnlyList<PositionWrite> committed)
    {
        foreach (var moved in NewestOf(committed))
        {
            locations.Follow(moved);
            publish(shard, new PositionsMoved(moved));
        }
    }

    private LivePosition[][] NewestOf(IReadOnlyList<PositionWrite> committed)
    {
        lock (_newest)
        {
            foreach (var write in committed)
            {
                if (write.Live is { } live)
                {
                    ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, write.VehicleId, out var exists);
                    if (!exists || live.FixTime > known.FixTime)
                    {
                        known = live;
                    }
                }
            }

            LivePosition[][] moved = [.. _newest.Values.Chunk(AtOnce)];
            _newest.Clear();
            return moved;
        }
    }
}
