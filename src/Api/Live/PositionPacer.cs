namespace ChargeCars.Api.Live;

/// <summary>
/// Decides when a vehicle's position goes out: the first at once, further ones held back until the interval since the last
/// has passed, the newest only. Whoever went out cools down, in the order of going out, so a queue is all that is needed.
/// </summary>
internal sealed class PositionPacer(TimeSpan interval)
{
    private readonly Dictionary<Guid, bool> _movedWhileCooling = [];
    private readonly Queue<(DateTimeOffset Until, Guid Vehicle)> _cooling = new();
    private readonly HashSet<Guid> _due = [];

    /// <summary>When the next one cools down; null while none does.</summary>
    public DateTimeOffset? NextAt => _cooling.TryPeek(out var next) ? next.Until : null;

    /// <summary>Whether any goes out with the next call.</summary>
    public bool AnyDue => _due.Count > 0;

    /// <summary>A vehicle has a new position.</summary>
    public void Note(Guid vehicle)
    {
        if (_movedWhileCooling.ContainsKey(vehicle))
        {
            _movedWhileCooling[vehicle] = true;
        }
        else
        {
            _due.Add(vehicle);
        }
    }

    /// <summary>Those whose newest position goes out now.</summary>
    public List<Guid> TakeDue(DateTimeOffset now)
    {
        while (_cooling.TryPeek(out var next) && next.Until <= now)
        {
            _cooling.Dequeue();
            if (_movedWhileCooling.Remove(next.Vehicle, out var moved) && moved)
            {
                _due.Add(next.Vehicle);
            }
        }

        var taken = _due.ToList();
        _due.Clear();
        foreach (var vehicle in taken)
        {
            _movedWhileCooling[vehicle] = false;
            _cooling.Enqueue((now + interval, vehicle));
        }

        return taken;
    }
}
