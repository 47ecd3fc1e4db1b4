namespace ChargeCars.Api.Platform.Feeds;

/// <summary>How long a service is left alone after it failed.</summary>
internal static class FeedBackoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>What it asks for itself is believed up to this: more than a working hour is no answer to a request too many.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>
    /// Twice as long after every further failure, a quarter of an hour at most, never less than the interval; longer, in whole
    /// intervals, where the service asks for it.
    /// </summary>
    public static TimeSpan After(int failures, TimeSpan interval, TimeSpan? asked = null)
    {
        var wait = interval * Math.Pow(2, Math.Min(failures, 20));
        wait = wait < Longest ? wait : interval > Longest ? interval : Longest;
        var least = asked is not { } time ? TimeSpan.Zero : time < LongestAsked ? time : LongestAsked;
        return wait >= least ? wait : interval * Math.Ceiling(least / interval);
    }
}
