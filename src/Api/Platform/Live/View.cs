using System.Runtime.InteropServices;
using ChargeCars.Platform.Changes;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Api.Platform.Live;

/// <summary>All connections that watch the same thing; a message is made once for them.</summary>
internal sealed class View(WatchFilter filter)
{
    // Who is inside the area by what was last told: one that leaves is sent once more, so that its marker does not freeze
    // at the edge. Only the dispatcher touches it, while it sends.
    private readonly HashSet<Guid> _inside = [];

    // The answer of the last tick's selection, whose room serves the next one.
    private readonly List<LivePosition> _selected = [];

    public WatchFilter Filter { get; } = filter;

    /// <summary>Replaced whole by <see cref="LiveConnections"/>, so that a loop over it needs no lock.</summary>
    public IReadOnlyList<LiveConnection> Connections { get; set; } = [];

    /// <summary>An answer told that this vehicle is inside the area.</summary>
    public void Told(Guid vehicle) => _inside.Add(vehicle);

    /// <summary>The changes that this view is told, a message at a time.</summary>
    public IEnumerable<ChangeSlice> Select(IReadOnlyList<ChangeEvent> changes, int perMessage) =>
        Filter.Select(changes).Chunk(perMessage).Select(chunk => new ChangeSlice(chunk));

    /// <summary>
    /// The positions that this view is told: what it covers, and what has just left its area. The answer holds until the
    /// next call.
    /// </summary>
    public ReadOnlySpan<LivePosition> Select(ReadOnlySpan<LivePosition> moved)
    {
        _selected.Clear();
        if (!Filter.Positions)
        {
            return [];
        }

        foreach (ref readonly var position in moved)
        {
            if (Filter.Covers(position))
            {
                _selected.Add(position);
                if (Filter.Area is not null)
                {
                    _inside.Add(position.VehicleId);
                }
            }
            else if (_inside.Remove(position.VehicleId))
            {
                _selected.Add(position);
            }
        }

        return CollectionsMarshal.AsSpan(_selected);
    }
}
