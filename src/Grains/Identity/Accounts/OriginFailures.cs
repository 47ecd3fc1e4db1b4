namespace ChargeCars.Identity.Accounts;

/// <summary>
/// Failed attempts by where they came from, in a grain's memory: of addresses that the account knows, which must not lock
/// the row, and of an account that is none and has no row.
/// </summary>
internal sealed class OriginFailures
{
    private const int Most = 100;

    private readonly Dictionary<string, Failures> _byOrigin = [];

    public bool Locked(string origin, DateTimeOffset now) => Wait(origin, now) > TimeSpan.Zero;

    /// <summary>How long nothing of an origin is evaluated; zero where it is now.</summary>
    public TimeSpan Wait(string origin, DateTimeOffset now) => _byOrigin.TryGetValue(origin, out var failures) ? failures.Wait(now) : TimeSpan.Zero;

    public void Add(string origin, DateTimeOffset now)
    {
        // An account logs in from a few addresses; more is somebody's doing, and forgetting all is the lesser evil.
        if (_byOrigin.Count > Most)
        {
            _byOrigin.Clear();
        }

        if (!_byOrigin.TryGetValue(origin, out var failures))
        {
            _byOrigin[origin] = failures = new();
        }

        failures.Add(now);
    }

    public void Forget(string origin) => _byOrigin.Remove(origin);

    public void Clear() => _byOrigin.Clear();

    /// <summary>The failures of one origin since its last success.</summary>
    private sealed class Failures
    {
        private int _count;
        private DateTimeOffset _lockedUntil;

        public TimeSpan Wait(DateTimeOffset now) => now < _lockedUntil ? _lockedUntil - now : TimeSpan.Zero;

        public void Add(DateTimeOffset now) => _lockedUntil = now + LockoutPolicy.DelayAfter(++_count);
    }
}
