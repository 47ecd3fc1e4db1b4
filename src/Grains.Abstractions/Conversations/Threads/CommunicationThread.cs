using System.Text.Json.Serialization;
using ChargeCars.Conversations.Channels;

namespace ChargeCars.Conversations.Threads;

/// <summary>What a thread is about (<c>communication_thread.entity_type</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<ThreadEntityType>))]
public enum ThreadEntityType
{
    /// <summary>An order.</summary>
    Order,

    /// <summary>A quote.</summary>
    Quote,

    /// <summary>A question that belongs to neither.</summary>
    SupportTicket,
}

/// <summary>How far a conversation is (<c>communication_thread.status</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<ThreadStatus>))]
public enum ThreadStatus
{
    /// <summary>Somebody of ours is to look at it.</summary>
    Open,

    /// <summary>It waits: for the customer, or until its snooze ends.</summary>
    Pending,

    /// <summary>Done; a message opens it again.</summary>
    Resolved,

    /// <summary>Closed for good; a message begins a new, linked thread.</summary>
    Archived,
}

/// <summary>How urgent a thread is (<c>communication_thread.priority</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<ThreadPriority>))]
public enum ThreadPriority
{
    /// <summary>Can wait.</summary>
    Low,

    /// <summary>As it comes.</summary>
    Normal,

    /// <summary>Before the others.</summary>
    High,

    /// <summary>Now.</summary>
    Urgent,
}

/// <summary>What a person should know before they trust a thread's messages.</summary>
[JsonConverter(typeof(WireEnumConverter<ThreadFlag>))]
public enum ThreadFlag
{
    /// <summary>The message refers to a thread that its sender takes no part in; it opened this one instead.</summary>
    ForeignReference,

    /// <summary>Its references lead to more than one thread; the newer one was taken.</summary>
    SeveralThreads,

    /// <summary>The subject was changed on the way.</summary>
    SubjectChanged,

    /// <summary>A colleague forwarded it; the sender that its text names is not verified.</summary>
    ForwardedSender,

    /// <summary>Its Message-ID is also that of another message.</summary>
    AmbiguousMessageId,

    /// <summary>The sender wrote so much that no more threads were opened.</summary>
    Flood,
}

/// <summary>What an editor may set of a thread.</summary>
[GenerateSerializer, Immutable, Alias("communication-thread-details")]
public record CommunicationThreadDetails
{
    /// <summary>What kind of thing it is about; required.</summary>
    [Id(0)] public ThreadEntityType? EntityType { get; init; }

    /// <summary>The order or quote; null for a support ticket.</summary>
    [Id(1)] public Guid? EntityId { get; init; }

    /// <summary>The way its messages travel; required, and fixed once it is made.</summary>
    [Id(2)] public ChannelType? Channel { get; init; }

    /// <summary>As the first message had it.</summary>
    [Id(3)] public string? Subject { get; init; }

    /// <summary>How urgent it is.</summary>
    [Id(4)] public ThreadPriority Priority { get; init; } = ThreadPriority.Normal;

    /// <summary>The name that speaks; required, and fixed once it is made. Null where a message came to an address that is no channel's.</summary>
    [Id(5)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>The channel account, a mailbox or number of ours, that it runs over; fixed once it is made.</summary>
    [Id(6)] public Guid? ChannelAccountId { get; init; }

    /// <summary>The customer; a reply from somebody in copy never changes it.</summary>
    [Id(7)] public Guid? CustomerContactId { get; init; }

    /// <summary>Where answers go: a mail address, or what the channel knows the customer by; the contact's own where it is left out.</summary>
    [Id(8)] public string? CustomerAddress { get; init; }
}

/// <summary>An answer that is on its way out, as long as it can be taken back.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="By">Who wrote it.</param>
/// <param name="SendAt">When it leaves, UTC.</param>
[GenerateSerializer, Immutable, Alias("queued-reply")]
public sealed record QueuedReply(Guid MessageId, Guid? By, DateTimeOffset SendAt);

/// <summary>A conversation with a customer over one channel. A row of <c>communication_thread</c>.</summary>
[GenerateSerializer, Immutable, Alias("communication-thread")]
public sealed record CommunicationThread : CommunicationThreadDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>Raised by one with every committed change, of its messages too; the ETag.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>How far it is.</summary>
    [Id(4)] public ThreadStatus Status { get; init; }

    /// <summary>Who of ours looks after it.</summary>
    [Id(5)] public Guid? AssignedToContactId { get; init; }

    /// <summary>The earliest message's own time, UTC.</summary>
    [Id(6)] public DateTimeOffset? FirstMessageAt { get; init; }

    /// <summary>The latest message's own time, UTC.</summary>
    [Id(7)] public DateTimeOffset? LastMessageAt { get; init; }

    /// <summary>How many messages it has, notes included, drafts and what can still be taken back not.</summary>
    [Id(8)] public int MessageCount { get; init; }

    /// <summary>The newest message's position; positions are never given twice.</summary>
    [Id(9)] public int LastPosition { get; init; }

    /// <summary>When its snooze ends, UTC; null where it is not snoozed.</summary>
    [Id(10)] public DateTimeOffset? SnoozedUntil { get; init; }

    /// <summary>Since when somebody waits for our answer, UTC; null where nobody does.</summary>
    [Id(11)] public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>When a person of ours answered first, UTC.</summary>
    [Id(12)] public DateTimeOffset? FirstReplyAt { get; init; }

    /// <summary>How long the customer waited for that, in business minutes.</summary>
    [Id(13)] public int? FirstReplyMinutes { get; init; }

    /// <summary>The position of our newest reply by a person; 0 before the first.</summary>
    [Id(14)] public int LastReplyPosition { get; init; }

    /// <summary>Who wrote it.</summary>
    [Id(15)] public Guid? LastReplyBy { get; init; }

    /// <summary>Answers that are on their way out and can still be taken back.</summary>
    [Id(16)] public IReadOnlyList<QueuedReply> QueuedReplies { get; init; } = [];

    /// <summary>Whether messages leave a resolved or pending thread as it is.</summary>
    [Id(17)] public bool IsMuted { get; init; }

    /// <summary>The archived or doubted thread that this one goes on from.</summary>
    [Id(18)] public Guid? LinkedThreadId { get; init; }

    /// <summary>The subject of the next answer, where the customer changed it.</summary>
    [Id(19)] public string? AnswerSubject { get; init; }

    /// <summary>What a person should know first.</summary>
    [Id(20)] public IReadOnlyList<ThreadFlag> Flags { get; init; } = [];
}
