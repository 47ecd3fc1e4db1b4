namespace ChargeCars.Telephony.Calls;

/// <summary>
/// A call's times, from what events state and, where they don't, from when they happened. Unix milliseconds, and seconds.
/// </summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="AnsweredAt">When it was answered first.</param>
/// <param name="EndedAt">When our part ended.</param>
/// <param name="IsOver">Whether it ended, known when or not.</param>
/// <param name="Duration">Seconds, ringing included.</param>
/// <param name="RingSeconds">Until the answer, or the end.</param>
/// <param name="TalkSeconds">From the answer to the end, without holding.</param>
/// <param name="HoldSeconds">On hold.</param>
/// <param name="AreSuspect">Whether a part came out negative and was counted as 0.</param>
internal sealed record CallTimes(
    long? StartedAt, long? AnsweredAt, long? EndedAt, bool IsOver, int? Duration, int? RingSeconds, int? TalkSeconds, int HoldSeconds, bool AreSuspect)
{
    /// <summary>The times that the evidence comes to.</summary>
    public static CallTimes Of(CallEvidence evidence)
    {
        var started = evidence.StartedAt?.Value ?? evidence.FirstOf(CallEventKind.Created, CallEventKind.IvrOptionSelected, CallEventKind.RingingOnAgent);
        var answered = evidence.AnsweredAt?.Value ?? evidence.FirstOf(CallEventKind.Answered);
        var ended = evidence.EndedAt?.Value
            ?? evidence.FirstOf(CallEventKind.Hungup, CallEventKind.ExternalTransferred)
            ?? evidence.FirstOf(CallEventKind.Ended, CallEventKind.VoicemailLeft)
            ?? evidence.FirstOf(CallEventKind.Swept);
        var isOver = evidence.IsDone || ended is not null;
        var suspect = false;
        var hold = Seconds(CallTimeline.Holds(evidence.Moments, ended).Sum(held => held.To - held.From));
        var whole = Seconds(ended - started);
        return new(
            started, answered, ended, isOver,
            isOver ? Counted(evidence.Duration?.Value) ?? whole : null,
            Seconds((answered ?? ended) - started),
            answered is null ? null : Counted(Seconds(ended - answered) - hold),
            hold ?? 0, suspect);

        int? Seconds(long? milliseconds) => milliseconds is { } known ? Counted((int)Math.Clamp(known / 1_000, int.MinValue, int.MaxValue)) : null;

        int? Counted(int? seconds)
        {
            suspect |= seconds < 0;
            return seconds is { } known ? Math.Max(0, known) : null;
        }
    }
}
