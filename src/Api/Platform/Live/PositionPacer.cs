namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Decides when a vehicle's position goes out: the first at once, further ones held back until the interval since the last
/// has passed, the newest only. Whoever went out cools down, in the order of going out, so a queue is all that is needed.
/// </summary>
internal sealed class PositionPacer(TimeSpan interval)
{
    private readonly Dictionary<Guid, Pace> _paces = [];
    private readonly Queue<Guid> _due = new();
    private readonly Queue<(DateTimeOffset Until, Guid Vehicle)> _cooling = new();

    private enum Pace
    {
        /// <summary>Goes out with the next call.</summary>
        Due,

        /// <summary>Went out lately, and has not moved since.</summary>
        Cooling,

        /// <summary>Went out lately, and has moved since.</summary>
        Held,
    }

    /// <summary>When the next one cools down; null while none does.</summary>
    public DateTimeOffset? NextAt => _cooling.TryPeek(out var next) ? next.Until : null;

    /// <summary>A vehicle has a new position.</summary>
    public void Note(Guid vehicle)
    {
        if (_paces.TryAdd(vehicle, Pace.Due))
        {
            _due.Enqueue(vehicle);
        }
        else if (_paces[vehicle] == Pace.Cooling)
        {
            _paces[vehicle] = Pace.Held;
        }
    }

    /// <summary>Those whose newest position goes out now, so many at most; who waits longest comes first.</summary>
    public List<Guid> TakeDue(DateTimeOffset now, int most)
    {
        while (_cooling.TryPeek(out var next) && next.Until <= now)
        {
            _cooling.Dequeue();
            if (_paces[next.Vehicle] == Pace.Held)
            {
                _paces[next.Vehicle] = Pace.Due;
                _due.Enqueue(next.Vehicle);
            }
            else
            {
                _paces.Remove(next.Vehicle);
            }
        }

        var taken = new List<Guid>(Math.Min(most, _due.Count));
        while (taken.Count < most && _due.TryDequeue(out var vehicle))
        {
            _paces[vehicle] = Pace.Cooling;
            _cooling.Enqueue((now + interval, vehicle));
            taken.Add(vehicle);
        }

        return taken;
    }
}
