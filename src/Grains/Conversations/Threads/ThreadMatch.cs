using ChargeCars.Conversations.Mail;

namespace ChargeCars.Conversations.Threads;

/// <summary>What the matching needs to know of a message that came in.</summary>
/// <param name="ExternalId">Its normalised id, or what stands for it.</param>
/// <param name="ContentHash">Its sender and body, to tell it from another of the same id.</param>
/// <param name="Sender">The sender's address, lower case, or number in E.164.</param>
/// <param name="Tokens">Threads that the addresses it came to name, each with a proof of ours.</param>
/// <param name="References">Ids that it refers to, the newest first; never its own.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="IsForwarded">Whether a colleague of ours forwarded it: whom its text names is not verified.</param>
/// <param name="HasThreads">Whether its channel tells conversations apart; else the newest thread with its sender is the one.</param>
internal sealed record IncomingMessage(
    string ExternalId,
    string ContentHash,
    string Sender,
    IReadOnlyList<Guid> Tokens,
    IReadOnlyList<string> References,
    string? Subject,
    bool IsForwarded = false,
    bool HasThreads = true);

/// <summary>A message that has the same id.</summary>
/// <param name="MessageId">Its row.</param>
/// <param name="IsOurs">Whether we sent it.</param>
/// <param name="Sender">Its sender, as in <see cref="IncomingMessage"/>.</param>
/// <param name="ContentHash">Its sender and body.</param>
/// <param name="IsSameAccount">Whether it came to the same channel account.</param>
internal sealed record KnownMessage(Guid MessageId, bool IsOurs, string Sender, string ContentHash, bool IsSameAccount);

/// <summary>A thread that something of the message leads to.</summary>
/// <param name="ThreadId">Its row.</param>
/// <param name="Status">How far it is.</param>
/// <param name="OpenedAt">When it began, UTC: of two, the later is the newer.</param>
/// <param name="Subject">As an answer to it would have it.</param>
/// <param name="Participants">All that take part: every address and number of the contact, of its organisation, and of ours; lower case.</param>
internal sealed record ThreadHit(Guid ThreadId, ThreadStatus Status, DateTimeOffset OpenedAt, string? Subject, IReadOnlySet<string> Participants);

/// <summary>What the store answers to a message; each list in the order of what was asked.</summary>
/// <param name="SameId">Messages of the same id.</param>
/// <param name="ByToken">Threads of its tokens.</param>
/// <param name="ById">Threads of messages whose id it refers to; without ids that belong to more than one message.</param>
/// <param name="BySeenId">Threads where such an id stands only in references of other messages.</param>
/// <param name="ByProviderId">Threads of messages that we sent under another id of the provider's.</param>
/// <param name="BySender">Threads of the same channel account with its sender.</param>
/// <param name="RecentFromSender">How many messages of this sender came in <see cref="MailLoops.FloodTime"/>, this one too.</param>
internal sealed record ThreadAnswer(
    IReadOnlyList<KnownMessage> SameId,
    IReadOnlyList<ThreadHit> ByToken,
    IReadOnlyList<ThreadHit> ById,
    IReadOnlyList<ThreadHit> BySeenId,
    IReadOnlyList<ThreadHit> ByProviderId,
    IReadOnlyList<ThreadHit> BySender,
    int RecentFromSender = 1);

/// <summary>Where a message belongs.</summary>
internal abstract record ThreadDecision;

/// <summary>It is there already.</summary>
internal sealed record DuplicateMessage(Guid MessageId) : ThreadDecision;

/// <summary>The same mail came to another mailbox of ours: one message, one more place.</summary>
internal sealed record AnotherPlace(Guid MessageId) : ThreadDecision;

/// <summary>A copy of what we sent came back.</summary>
internal sealed record OwnCopy(Guid MessageId) : ThreadDecision;

/// <summary>It goes to a thread.</summary>
/// <param name="ThreadId">Which.</param>
/// <param name="Flags">What a person should know.</param>
/// <param name="NewSubject">The subject that its sender gave it, where that changed.</param>
/// <param name="AmbiguousId">Whether its id is another message's too: neither finds threads by it any more.</param>
internal sealed record JoinThread(Guid ThreadId, IReadOnlyList<ThreadFlag> Flags, string? NewSubject, bool AmbiguousId) : ThreadDecision;

/// <summary>It begins a thread.</summary>
/// <param name="LinkedThreadId">The thread that it goes on from or claims to belong to.</param>
/// <param name="Flags">What a person should know.</param>
/// <param name="AmbiguousId">As in <see cref="JoinThread"/>.</param>
internal sealed record BeginThread(Guid? LinkedThreadId, IReadOnlyList<ThreadFlag> Flags, bool AmbiguousId) : ThreadDecision;

/// <summary>Finds the thread of a message, as a pure function of the message and of what the store knows.</summary>
internal static class ThreadMatch
{
    /// <summary>Where a message belongs.</summary>
    public static ThreadDecision Decide(IncomingMessage message, ThreadAnswer known)
    {
        // A list may have added to the body of our own copy; a stranger who took our id is no copy.
        if (known.SameId.FirstOrDefault(same => same.IsOurs && same.Sender == message.Sender) is { } ours)
        {
            return new OwnCopy(ours.MessageId);
        }

        // Of all that has the same id: the same message, in the same mailbox first.
        if (known.SameId.Where(same => same.ContentHash == message.ContentHash).OrderByDescending(same => same.IsSameAccount).FirstOrDefault() is { } same)
        {
            return same.IsSameAccount ? new DuplicateMessage(same.MessageId) : new AnotherPlace(same.MessageId);
        }

        var isAmbiguous = known.SameId.Count > 0;
        List<ThreadFlag> flags = isAmbiguous ? [ThreadFlag.AmbiguousMessageId] : [];
        if (message.IsForwarded)
        {
            flags.Add(ThreadFlag.ForwardedSender);
        }

        ThreadHit? stranger = null;
        IReadOnlyList<ThreadHit>[] steps = [known.ByToken, known.ById, known.BySeenId, known.ByProviderId, message.HasThreads ? [] : known.BySender];
        foreach (var step in steps)
        {
            ThreadHit[] own = [.. step.Where(hit => hit.Participants.Contains(message.Sender)).DistinctBy(hit => hit.ThreadId)];
            if (own.Length > 0)
            {
                return Join(message, own, flags, isAmbiguous);
            }

            stranger ??= step is [var first, ..] ? first : null;
        }

        if (stranger is not null)
        {
            flags.Add(ThreadFlag.ForeignReference);
        }

        if (MailLoops.IsFlood(known.RecentFromSender) && known.BySender.Where(IsAlive).MaxBy(hit => hit.OpenedAt) is { } flooded)
        {
            return new JoinThread(flooded.ThreadId, [.. flags, ThreadFlag.Flood], null, isAmbiguous);
        }

        return new BeginThread(stranger?.ThreadId, flags, isAmbiguous);
    }

    private static ThreadDecision Join(IncomingMessage message, ThreadHit[] own, List<ThreadFlag> flags, bool isAmbiguous)
    {
        // The sort is stable: of two that began at once the one that the newer reference leads to.
        var newest = own.OrderByDescending(IsAlive).ThenByDescending(hit => hit.OpenedAt).First();
        if (own.Length > 1 && message.HasThreads)
        {
            flags.Add(ThreadFlag.SeveralThreads);
        }

        if (!IsAlive(newest))
        {
            return new BeginThread(newest.ThreadId, flags, isAmbiguous);
        }

        var isRenamed = !MailSubject.IsSame(message.Subject, newest.Subject);
        return new JoinThread(
            newest.ThreadId, isRenamed ? [.. flags, ThreadFlag.SubjectChanged] : flags, isRenamed ? MailSubject.Base(message.Subject) : null, isAmbiguous);
    }

    private static bool IsAlive(ThreadHit hit) => hit.Status != ThreadStatus.Archived;
}
