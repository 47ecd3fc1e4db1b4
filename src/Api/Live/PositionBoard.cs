using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ChargeCars.Vehicles.Positions;

namespace ChargeCars.Api.Live;

/// <summary>The newest position of every vehicle, as this node has heard it. Any thread.</summary>
internal sealed class PositionBoard(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, Entry> _newest = new();

    /// <summary>Since when this node has listened.</summary>
    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>Takes what is newer by fix time; returns whose position moved.</summary>
    public List<Guid> Take(IReadOnlyList<LivePosition> positions)
    {
        var now = time.GetUtcNow();
        var moved = new List<Guid>(positions.Count);
        foreach (var position in positions)
        {
            if (_newest.TryGetValue(position.VehicleId, out var known) && known.Position.FixTime >= position.FixTime)
            {
                continue;
            }

            var entry = new Entry(position, now);
            // Streams repeat and reorder; a marker never goes back in time.
            var kept = _newest.AddOrUpdate(
                position.VehicleId, static (_, made) => made,
                static (_, old, made) => made.Position.FixTime > old.Position.FixTime ? made : old, entry);
            if (ReferenceEquals(kept, entry))
            {
                moved.Add(position.VehicleId);
            }
        }

        return moved;
    }

    public bool TryGet(Guid vehicle, [NotNullWhen(true)] out LivePosition? position)
    {
        position = _newest.TryGetValue(vehicle, out var entry) ? entry.Position : null;
        return position is not null;
    }

    /// <summary>Whether a vehicle's position came to this node at a time or later.</summary>
    public bool MovedSince(Guid vehicle, DateTimeOffset since) =>
        _newest.TryGetValue(vehicle, out var entry) && entry.ReceivedAt >= since;

    public IEnumerable<LivePosition> All() => _newest.Values.Select(entry => entry.Position);

    /// <summary>A vehicle that is no more.</summary>
    public void Forget(Guid vehicle) => _newest.TryRemove(vehicle, out _);

    private sealed record Entry(LivePosition Position, DateTimeOffset ReceivedAt);
}
