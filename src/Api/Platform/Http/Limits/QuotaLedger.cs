namespace ChargeCars.Api.Platform.Http.Limits;

/// <summary>
/// What is used of a quota, by key (the generic cell rate algorithm: of a key only the moment is kept at which its quota is whole again).
/// In memory: each host counts by itself.
/// </summary>
internal sealed class QuotaLedger(Quota quota, TimeProvider time)
{
    /// <summary>Keys that are counted each by itself; what is more than that shares one quota.</summary>
    private const int Capacity = 100_000;

    private const int SmallestSweep = 1_024;
    private static readonly TimeSpan SweepAgain = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _each = TimeSpan.FromSeconds(1) / quota.PerSecond;
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TimeSpan> _wholeAt = [];
    private int _sweepAt = SmallestSweep;
    private TimeSpan _sweptAt;

    /// <summary>Takes one of a key's quota, in advance where it is free within <paramref name="patience"/>.</summary>
    /// <returns>Whether it was taken. How long until it is free or, where it was not taken, until it can be.</returns>
    public (bool Taken, TimeSpan Wait) Take(string key, TimeSpan patience = default)
    {
        lock (_gate)
        {
            var now = Now;
            var counted = KeyOf(key, now);
            var wholeAt = Max(_wholeAt.GetValueOrDefault(counted), now);
            var wait = Max(WaitFor(wholeAt, now), TimeSpan.Zero);
            if (wait > patience)
            {
                return (false, wait - patience);
            }

            _wholeAt[counted] = wholeAt + _each;
            return (true, wait);
        }
    }

    /// <summary>How long until one can be taken; zero where it can be now.</summary>
    public TimeSpan Wait(string key)
    {
        lock (_gate)
        {
            return _wholeAt.TryGetValue(key, out var wholeAt) ? Max(WaitFor(wholeAt, Now), TimeSpan.Zero) : TimeSpan.Zero;
        }
    }

    /// <summary>What was taken turned out to cost nothing.</summary>
    public void GiveBack(string key)
    {
        lock (_gate)
        {
            if (_wholeAt.TryGetValue(key, out var wholeAt))
            {
                _wholeAt[key] = wholeAt - _each;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_start);

    private TimeSpan WaitFor(TimeSpan wholeAt, TimeSpan now) => wholeAt - now - (_each * (quota.Burst - 1));

    private string KeyOf(string key, TimeSpan now)
    {
        if (_wholeAt.Count >= _sweepAt || (_wholeAt.Count >= Capacity && now - _sweptAt >= SweepAgain))
        {
            foreach (var (rested, wholeAt) in _wholeAt)
            {
                if (wholeAt <= now)
                {
                    _wholeAt.Remove(rested);
                }
            }

            // Half of them new ones before the next look at all.
            _sweptAt = now;
            _sweepAt = Math.Max(SmallestSweep, _wholeAt.Count * 2);
        }

        return _wholeAt.Count < Capacity || _wholeAt.ContainsKey(key) ? key : "";
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
