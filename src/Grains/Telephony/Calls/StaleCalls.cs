namespace ChargeCars.Telephony.Calls;

/// <summary>Ends calls whose hang-up was lost, so that none rings for ever.</summary>
internal static class StaleCalls
{
    /// <summary>Longer than any queue lets somebody wait.</summary>
    public static readonly TimeSpan LongestRing = TimeSpan.FromHours(1);

    /// <summary>Longer than Aircall lets anybody talk.</summary>
    public static readonly TimeSpan LongestTalk = TimeSpan.FromHours(6);

    /// <summary>The event that ends a call which can't be going on any more; null where it can, or is over. <paramref name="now"/> is UTC.</summary>
    public static CallEvent? Sweep(Call call, DateTimeOffset now)
    {
        var newest = call.Evidence.Moments.Count > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(call.Evidence.Moments[^1].At) : call.CreatedAt;
        var limit = call.Status switch
        {
            CallStatus.Initial or CallStatus.Ringing => LongestRing,
            CallStatus.Answered => LongestTalk,
            _ => TimeSpan.MaxValue,
        };
        return limit < TimeSpan.MaxValue && now - newest > limit ? new() { CallId = call.CallId, Kind = CallEventKind.Swept, At = now } : null;
    }
}
