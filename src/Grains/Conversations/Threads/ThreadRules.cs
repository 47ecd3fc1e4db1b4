namespace ChargeCars.Conversations.Threads;

/// <summary>Every rule of a thread's actions: pure, and total over status × action.</summary>
internal static class ThreadRules
{
    /// <summary>The furthest that a thread can be put away.</summary>
    public static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(366);

    /// <summary>A thread that waits for its customer is done after this time without a word.</summary>
    public static readonly TimeSpan QuietUntilResolved = TimeSpan.FromDays(14);

    /// <summary>The thread after an action, the same one where nothing changes. <paramref name="now"/> is UTC.</summary>
    public static Result<CommunicationThread> Decide(CommunicationThread thread, ThreadAction action, DateTimeOffset now) => action switch
    {
        AssignThread or MuteThread when thread.Status == ThreadStatus.Archived => new Conflict("archived", "An archived thread stays as it is."),
        AssignThread assign => thread with { AssignedToContactId = assign.ContactId },
        MuteThread mute => thread with { IsMuted = mute.IsMuted },
        SnoozeThread snooze when snooze.Until <= now => Invalid.Field("until", "must be in the future"),
        SnoozeThread snooze when snooze.Until > now + LongestSnooze => Invalid.Field("until", $"must be within {LongestSnooze.Days} days"),
        SnoozeThread snooze => Move(thread, "snooze").Map(moved => moved with { SnoozedUntil = snooze.Until }),
        PendThread => Move(thread, "pend"),
        ResolveThread => Move(thread, "resolve").Map(moved => moved with { WaitingSince = null }),
        ReopenThread => Move(thread, "reopen"),
        ArchiveThread => Move(thread, "archive").Map(moved => moved with { WaitingSince = null }),
        // Reminders may come late or twice: they do what still is to be done.
        WakeThread => thread is { Status: ThreadStatus.Pending, SnoozedUntil: { } until } && until <= now
            ? thread with { Status = ThreadStatus.Open, SnoozedUntil = null }
            : thread,
        AutoResolveThread => ResolvesAt(thread) is { } at && at <= now ? thread with { Status = ThreadStatus.Resolved } : thread,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Not an action of a thread."),
    };

    /// <summary>When a thread that only waits for its customer is done, UTC; null where it waits for us or for a time.</summary>
    public static DateTimeOffset? ResolvesAt(CommunicationThread thread) =>
        thread is { Status: ThreadStatus.Pending, SnoozedUntil: null, WaitingSince: null, LastMessageAt: { } last } ? last + QuietUntilResolved : null;

    /// <summary>
    /// Tells the second of two people who answer at once, before anything is sent. <paramref name="basedOn"/> is the position of the
    /// newest message that they saw.
    /// </summary>
    public static Error? CheckReply(CommunicationThread thread, int basedOn, Guid by) =>
        thread.Status == ThreadStatus.Archived ? new Conflict("archived", "An archived thread takes no more messages; begin a new one.")
        : thread.LastReplyPosition > basedOn && thread.LastReplyBy != by
            ? new Conflict("answered_meanwhile", "Somebody else answered in the meantime: read their answer, and send yours again if it is still needed.")
            : null;

    private static Result<CommunicationThread> Move(CommunicationThread thread, string action) =>
        ThreadTransitions.Move(thread.Status, action).Map(to => thread with { Status = to, SnoozedUntil = null });
}
