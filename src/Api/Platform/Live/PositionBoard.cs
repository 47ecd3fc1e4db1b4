using System.Runtime.InteropServices;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Api.Platform.Live;

/// <summary>The newest position of every vehicle, as this node has heard it. Any thread.</summary>
internal sealed class PositionBoard(TimeProvider time)
{
    /// <summary>How long what was removed is kept out: far longer than a stream, or a reading of the rows, is behind.</summary>
    private static readonly TimeSpan KeptOut = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Entry> _newest = [];
    private readonly List<Removal> _removed = [];

    /// <summary>Since when this node has listened without a gap.</summary>
    public DateTimeOffset Since { get; private set; } = time.GetUtcNow();

    /// <summary>A vehicle has moved. Told within the board's lock: the follower only notes it.</summary>
    public event Action<Guid>? Moved;

    /// <summary>Takes what is newer by fix time; returns whose position moved.</summary>
    public List<Guid> Take(IReadOnlyList<LivePosition> positions)
    {
        var now = time.GetUtcNow();
        var moved = new List<Guid>(positions.Count);
        lock (_gate)
        {
            foreach (var position in positions)
            {
                if (IsKeptOut(position, now))
                {
                    continue;
                }

                ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, position.VehicleId, out var known);
                // Streams repeat and reorder; a marker never goes back in time.
                if (!known || position.FixTime > entry.Position.FixTime)
                {
                    entry = new(position, now);
                    moved.Add(position.VehicleId);
                    Moved?.Invoke(position.VehicleId);
                }
            }
        }

        return moved;
    }

    /// <summary>Where these vehicles are, without those of whom nothing was heard.</summary>
    public ReadOnlySpan<LivePosition> Of(IReadOnlyCollection<Guid> vehicles)
    {
        var found = new LivePosition[vehicles.Count];
        var count = 0;
        lock (_gate)
        {
            foreach (var vehicle in vehicles)
            {
                if (_newest.TryGetValue(vehicle, out var entry))
                {
                    found[count++] = entry.Position;
                }
            }
        }

        return found.AsSpan(0, count);
    }

    /// <summary>Where all vehicles are of which this node has heard.</summary>
    public ReadOnlySpan<LivePosition> All()
    {
        lock (_gate)
        {
            return _newest.Values.Select(entry => entry.Position).ToArray();
        }
    }

    public bool TryGet(Guid vehicle, out LivePosition position)
    {
        lock (_gate)
        {
            var known = _newest.TryGetValue(vehicle, out var entry);
            position = entry.Position;
            return known;
        }
    }

    /// <summary>Whether a vehicle's position came to this node at a time or later.</summary>
    public bool MovedSince(Guid vehicle, DateTimeOffset since)
    {
        lock (_gate)
        {
            return _newest.TryGetValue(vehicle, out var entry) && entry.ReceivedAt >= since;
        }
    }

    /// <summary>A vehicle that is no more.</summary>
    public void Forget(Guid vehicle)
    {
        lock (_gate)
        {
            _newest.Remove(vehicle);
        }
    }

    /// <summary>
    /// Positions that must not be shown any more: where the vehicle was then is forgotten, and what a stream brings of that
    /// time late is not taken.
    /// </summary>
    public void Remove(Guid vehicle, RemovedSpan span)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            _removed.RemoveAll(removal => removal.Until <= now);
            _removed.Add(new(vehicle, span.From, span.To, now + KeptOut));
            if (_newest.TryGetValue(vehicle, out var entry) && IsKeptOut(entry.Position, now))
            {
                _newest.Remove(vehicle);
            }
        }
    }

    /// <summary>Changes were missed, and one of them may have removed positions: this node begins to listen anew.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _newest.Clear();
            Since = time.GetUtcNow();
        }
    }

    private bool IsKeptOut(in LivePosition position, DateTimeOffset now)
    {
        foreach (var removal in _removed)
        {
            if (removal.VehicleId == position.VehicleId && removal.Until > now
                && position.FixTime >= removal.From && position.FixTime < removal.To)
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct Entry(LivePosition Position, DateTimeOffset ReceivedAt);

    private readonly record struct Removal(Guid VehicleId, DateTimeOffset From, DateTimeOffset To, DateTimeOffset Until);
}
