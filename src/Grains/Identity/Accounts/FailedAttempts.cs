namespace ChargeCars.Identity.Accounts;

/// <summary>Attempts of one origin at one account that failed in a row. The same rule for an account and for an address without one.</summary>
/// <param name="Count">How many.</param>
/// <param name="Until">When the wait after the last of them ends, UTC; the time of that one where it brought no wait. Null before the first.</param>
internal readonly record struct FailedAttempts(int Count, DateTimeOffset? Until)
{
    /// <summary>How long nothing is evaluated; zero where the next attempt is.</summary>
    public TimeSpan Wait(DateTimeOffset now) => Until > now ? Until.Value - now : TimeSpan.Zero;

    /// <summary>With one more.</summary>
    public FailedAttempts After(DateTimeOffset now)
    {
        var count = Until + LockoutPolicy.Memory > now ? Count + 1 : 1;
        return new(count, now + LockoutPolicy.DelayAfter(count));
    }
}
