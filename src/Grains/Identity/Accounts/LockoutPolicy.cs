namespace ChargeCars.Identity.Accounts;

/// <summary>
/// How long nobody gets a guess after failures in a row: nothing for the first four, then half a minute, doubling to a
/// quarter of an hour. Bounded, and not for addresses that the account has logged in from: a guesser slows guessers, and
/// shuts nobody out.
/// </summary>
internal static class LockoutPolicy
{
    /// <summary>So many are evaluated before the first wait.</summary>
    public const int Limit = 5;

    public static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Failures count no more so long after the wait that the last one brought. So what is kept of them can be deleted, and an address
    /// without an account, which never succeeds, is like an account that nobody logs in to.
    /// </summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    public static TimeSpan DelayAfter(int failures) => failures < Limit
        ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(failures - Limit, 10)));
}
