namespace ChargeCars.Conversations.Threads;

/// <summary>What kind of message comes to a thread, as far as its thread cares.</summary>
internal enum ArrivalKind
{
    /// <summary>A person wrote to us, or a list that they are on.</summary>
    Person,

    /// <summary>An auto reply, or a complaint.</summary>
    Machine,

    /// <summary>A message of a person of ours did not arrive.</summary>
    FailedBounce,

    /// <summary>A message is late, or an automatic one did not arrive.</summary>
    HarmlessBounce,

    /// <summary>A person of ours answered.</summary>
    Reply,

    /// <summary>The program wrote.</summary>
    AutomaticReply,

    /// <summary>A note among ourselves.</summary>
    Note,
}

/// <summary>A message that comes to a thread.</summary>
/// <param name="Kind">What kind.</param>
/// <param name="SentAt">Its own time, UTC.</param>
/// <param name="By">Who of ours wrote it.</param>
/// <param name="Subject">Its subject, where it was changed on the way.</param>
/// <param name="Flags">What a person should know of it.</param>
internal sealed record Arrival(ArrivalKind Kind, DateTimeOffset SentAt, Guid? By = null, string? Subject = null, IReadOnlyList<ThreadFlag>? Flags = null);

/// <summary>A thread after a message came.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Position">
/// The message's place in it, from 1. Messages are shown in this order, which is the order of arrival: a late one goes last, with its
/// own time, and nobody's screen is turned round.
/// </param>
/// <param name="Reopened">Whether it was opened again.</param>
internal sealed record Arrived(CommunicationThread Thread, int Position, bool Reopened);

/// <summary>What messages do to their thread's status, clocks and counts.</summary>
internal static class ThreadArrivals
{
    /// <summary>Adds a message; refused where the thread is archived. <paramref name="now"/> is UTC.</summary>
    public static Result<Arrived> Add(CommunicationThread thread, Arrival message, DateTimeOffset now)
    {
        if (thread.Status == ThreadStatus.Archived)
        {
            return new Conflict("archived", "An archived thread takes no more messages; begin a new one that is linked to it.");
        }

        // A clock that is ahead must not make anybody wait less than they do.
        var at = message.SentAt < now ? message.SentAt : now;
        var reopens = thread.Status != ThreadStatus.Open
            && message.Kind is ArrivalKind.Person or ArrivalKind.FailedBounce
            && !(thread.IsMuted && message.Kind == ArrivalKind.Person);
        var position = thread.LastPosition + 1;
        var after = thread with
        {
            MessageCount = thread.MessageCount + 1,
            LastPosition = position,
            FirstMessageAt = thread.FirstMessageAt < at ? thread.FirstMessageAt : at,
            LastMessageAt = thread.LastMessageAt > at ? thread.LastMessageAt : at,
            AnswerSubject = message.Subject ?? thread.AnswerSubject,
            Flags = [.. thread.Flags.Concat(message.Flags ?? []).Distinct().Order()],
            Status = reopens ? ThreadStatus.Open : thread.Status,
            SnoozedUntil = reopens ? null : thread.SnoozedUntil,
        };
        return new Arrived(Clocked(after, message, position, at), position, reopens);
    }

    private static CommunicationThread Clocked(CommunicationThread thread, Arrival message, int position, DateTimeOffset at) => message.Kind switch
    {
        ArrivalKind.Person when thread is { IsMuted: true, Status: not ThreadStatus.Open } => thread,
        ArrivalKind.Person => thread with { WaitingSince = thread.WaitingSince < at ? thread.WaitingSince : at },
        ArrivalKind.Reply => thread with
        {
            FirstReplyAt = thread.FirstReplyAt ?? (thread.WaitingSince is null ? null : at),
            WaitingSince = null,
            LastReplyPosition = position,
            LastReplyBy = message.By,
        },
        _ => thread,
    };
}
