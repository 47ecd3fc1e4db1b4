namespace ChargeCars.Identity.Accounts;

/// <summary>Failed attempts by origin, in a grain's memory; their rows are <see cref="FailedAttemptStore"/>'s.</summary>
internal sealed class OriginFailures
{
    private Dictionary<string, FailedAttempts> _byOrigin = [];

    public void Load(Dictionary<string, FailedAttempts> byOrigin) => _byOrigin = byOrigin;

    public FailedAttempts Of(string origin) => _byOrigin.GetValueOrDefault(origin);

    public FailedAttempts Add(string origin, DateTimeOffset now)
    {
        // An account logs in from a few addresses; more is somebody's doing, and forgetting the oldest is the lesser evil.
        if (_byOrigin.Count >= FailedAttemptStore.MostOrigins && !_byOrigin.ContainsKey(origin))
        {
            _byOrigin.Remove(_byOrigin.MinBy(known => known.Value.Until).Key);
        }

        return _byOrigin[origin] = Of(origin).After(now);
    }

    /// <summary>False where there was nothing to forget.</summary>
    public bool Forget(string origin) => _byOrigin.Remove(origin);

    /// <inheritdoc cref="Forget"/>
    public bool ForgetAll()
    {
        var any = _byOrigin.Count > 0;
        _byOrigin.Clear();
        return any;
    }
}
