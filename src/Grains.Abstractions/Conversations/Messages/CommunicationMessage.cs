using System.Text.Json.Serialization;
using ChargeCars.Conversations.Threads;

namespace ChargeCars.Conversations.Messages;

/// <summary>Who or what wrote a message, and whom it is for.</summary>
[JsonConverter(typeof(WireEnumConverter<MessageNature>))]
public enum MessageNature
{
    /// <summary>A person wrote to the other side.</summary>
    Person,

    /// <summary>A machine of theirs answered: an absence notice, a read receipt.</summary>
    AutoReply,

    /// <summary>A mailing list or bulk mail.</summary>
    List,

    /// <summary>A mail server: a message of ours did not arrive, or late.</summary>
    Bounce,

    /// <summary>A mail provider: somebody called a mail of ours spam.</summary>
    Complaint,

    /// <summary>The program wrote by itself.</summary>
    Automatic,

    /// <summary>Among ourselves. It has neither direction nor status, and so can't leave.</summary>
    Note,

    /// <summary>A message stood here that was moved to another thread.</summary>
    Moved,
}

/// <summary>Where what came with a short message is: its provider has it for some days only.</summary>
[JsonConverter(typeof(WireEnumConverter<MediaState>))]
public enum MediaState
{
    /// <summary>It is being fetched.</summary>
    Awaited,

    /// <summary>It is in the store of files.</summary>
    Fetched,

    /// <summary>The provider has it no more, or it is none that is fetched.</summary>
    Lost,
}

/// <summary>A file that came or goes with a message.</summary>
/// <param name="FileName">A name that is safe to store, show and download.</param>
/// <param name="OriginalFileName">As it was sent; null where it had none.</param>
/// <param name="MimeType">As it was sent, lower case.</param>
/// <param name="FileSize">Bytes.</param>
/// <param name="ContentId">For addresses within the HTML.</param>
/// <param name="IsInline">Whether the HTML shows it.</param>
/// <param name="Sha256">Of its content, hexadecimal.</param>
/// <param name="State">Where it is, of what is fetched from a provider; null where it came with the message.</param>
/// <param name="FileId">The attachment that was made of it.</param>
/// <param name="Fault">Why it is not there.</param>
[GenerateSerializer, Immutable, Alias("message-attachment")]
public sealed record MessageAttachment(
    string FileName, string? OriginalFileName, string MimeType, long FileSize,
    string? ContentId, bool IsInline, string Sha256, MediaState? State = null, Guid? FileId = null, string? Fault = null);

/// <summary>A stretch of a message's text that a reader may fold; the stretches together are the text.</summary>
/// <param name="Kind"><c>text</c>, <c>quote</c> or <c>signature</c>.</param>
/// <param name="Start">Where it starts, in UTF-16 units.</param>
/// <param name="Length">How long it is.</param>
[GenerateSerializer, Immutable, Alias("message-fold")]
public sealed record MessageFold(string Kind, int Start, int Length);

/// <summary>One message. A row of <c>communication_message</c>; it changes with its thread, in the same transaction.</summary>
[GenerateSerializer, Immutable, Alias("communication-message")]
public sealed record CommunicationMessage : IEntityState
{
    /// <summary>Its id; of what came in, it follows from the channel's id and the content.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>The thread's version that wrote it last; the ETag.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The thread that it belongs to.</summary>
    [Id(4)] public Guid ThreadId { get; init; }

    /// <summary>Its place in the thread, from 1, which never changes; null while it is a draft or can be taken back.</summary>
    [Id(5)] public int? Position { get; init; }

    /// <summary>Who or what wrote it.</summary>
    [Id(6)] public MessageNature Nature { get; init; }

    /// <summary>Which way it goes; null for a note.</summary>
    [Id(7)] public MessageDirection? Direction { get; init; }

    /// <summary>How far one of ours is; null for a note. What came in is delivered.</summary>
    [Id(8)] public MessageStatus? Status { get; init; }

    /// <summary>Who sent it, where they are one of our contacts and only one.</summary>
    [Id(9)] public Guid? SenderContactId { get; init; }

    /// <summary>The account or key that wrote it; null for what came in.</summary>
    [Id(10)] public Guid? AuthorId { get; init; }

    /// <summary>The sender's mail address, lower case.</summary>
    [Id(11)] public string? SenderEmail { get; init; }

    /// <summary>As the sender calls themselves.</summary>
    [Id(12)] public string? SenderName { get; init; }

    /// <summary>Whom it is for; numbers on a channel of numbers.</summary>
    [Id(13)] public IReadOnlyList<string> RecipientEmails { get; init; } = [];

    /// <summary>In copy.</summary>
    [Id(14)] public IReadOnlyList<string> CcEmails { get; init; } = [];

    /// <summary>In blind copy.</summary>
    [Id(15)] public IReadOnlyList<string> BccEmails { get; init; } = [];

    /// <summary>Its subject.</summary>
    [Id(16)] public string? Subject { get; init; }

    /// <summary>Its text.</summary>
    [Id(17)] public string? BodyText { get; init; }

    /// <summary>Its HTML as it was received or written: never shown as it is.</summary>
    [Id(18)] public string? BodyHtml { get; init; }

    /// <summary>Its HTML, made safe to show.</summary>
    [Id(19)] public string? ShownHtml { get; init; }

    /// <summary>How many remote images the shown HTML leaves out.</summary>
    [Id(20)] public int BlockedImages { get; init; }

    /// <summary>What comes with it.</summary>
    [Id(21)] public IReadOnlyList<MessageAttachment> Attachments { get; init; } = [];

    /// <summary>The channel's id of it: a normalised Message-ID, or the provider's id.</summary>
    [Id(22)] public string? ExternalMessageId { get; init; }

    /// <summary>Another id that the provider gave to one of ours.</summary>
    [Id(23)] public string? ProviderMessageId { get; init; }

    /// <summary>The channel account that it came to or goes out from.</summary>
    [Id(24)] public Guid? ChannelAccountId { get; init; }

    /// <summary>What tells it from another message of the same id; empty for one of ours.</summary>
    [Id(25)] public string ContentHash { get; init; } = "";

    /// <summary>Ids that it refers to, in the order of the search.</summary>
    [Id(26), ArrayColumn] public IReadOnlyList<string> ReferenceIds { get; init; } = [];

    /// <summary>What the channel knows the other side by, on a channel without mail addresses.</summary>
    [Id(27)] public string? CounterpartKey { get; init; }

    /// <summary>Its own time, UTC: when it was written by its sender's clock, or when ours was handed over.</summary>
    [Id(28)] public DateTimeOffset? SentAt { get; init; }

    /// <summary>What is known of the delivery of one of ours.</summary>
    [Id(29)] public MessageDelivery? Delivery { get; init; }

    /// <summary>Which parts of the text are quotes and signatures.</summary>
    [Id(30)] public IReadOnlyList<MessageFold> Folds { get; init; } = [];

    /// <summary>What could not be read of it; the raw message has it all.</summary>
    [Id(31)] public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>What a person should know before they trust it.</summary>
    [Id(32)] public IReadOnlyList<ThreadFlag> Flags { get; init; } = [];

    /// <summary>Colleagues whom it mentions.</summary>
    [Id(33), ArrayColumn] public IReadOnlyList<Guid> Mentions { get; init; } = [];

    /// <summary>What the provider sent, as it is kept.</summary>
    [Id(34)] public Guid? RawId { get; init; }

    /// <summary>What else the channel says of it: a place, a reaction, whom a forwarded mail names.</summary>
    [Id(35)] public RawJson? Details { get; init; }

    /// <summary>Where it was moved from; of a mark that something was moved: where to.</summary>
    [Id(36)] public Guid? MovedThreadId { get; init; }

    /// <summary>When what it said was erased, UTC.</summary>
    [Id(37)] public DateTimeOffset? ErasedAt { get; init; }
}
