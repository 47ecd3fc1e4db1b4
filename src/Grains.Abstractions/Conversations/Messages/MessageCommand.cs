using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Conversations.Messages;

/// <summary>A command about one message of a thread.</summary>
/// <param name="MessageId">The message.</param>
[GenerateSerializer, Immutable, Alias("message.command")]
public abstract record MessageCommand([property: Id(0)] Guid MessageId) : EntityCommand<CommunicationThread>;

/// <summary>What an author writes.</summary>
[GenerateSerializer, Immutable, Alias("message-content")]
public sealed record MessageContent
{
    /// <summary>Its text.</summary>
    [Id(0)] public string? BodyText { get; init; }

    /// <summary>Its HTML; only by email.</summary>
    [Id(1)] public string? BodyHtml { get; init; }

    /// <summary>Its subject; by email, the thread's where it is left out.</summary>
    [Id(2)] public string? Subject { get; init; }

    /// <summary>Whom it is for; the thread's customer where it is left out.</summary>
    [Id(3)] public IReadOnlyList<string>? RecipientEmails { get; init; }

    /// <summary>In copy; only by email.</summary>
    [Id(4)] public IReadOnlyList<string>? CcEmails { get; init; }

    /// <summary>In blind copy; only by email.</summary>
    [Id(5)] public IReadOnlyList<string>? BccEmails { get; init; }

    /// <summary>Colleagues whom it mentions.</summary>
    [Id(6)] public IReadOnlyList<Guid>? Mentions { get; init; }
}

/// <summary>How a message is to leave.</summary>
/// <param name="SendAt">Not before this time, UTC; null: as soon as it can't be taken back any more.</param>
/// <param name="BasedOn">The position of the newest message that its author saw; null where they do not say.</param>
/// <param name="Anyway">Whether it leaves although somebody else answers or answered.</param>
[GenerateSerializer, Immutable, Alias("message-dispatch")]
public sealed record MessageDispatch(
    DateTimeOffset? SendAt = null, int? BasedOn = null, bool Anyway = false);

/// <summary>Writes a message: a draft, one that leaves, or a note among ourselves.</summary>
/// <param name="MessageId">Its id.</param>
/// <param name="Content">What it says.</param>
/// <param name="IsNote">Whether it is a note; every message of an internal thread is.</param>
/// <param name="Dispatch">How it leaves; null for a draft and for a note.</param>
/// <param name="By">Who writes it.</param>
/// <param name="AuthorId">The account or key that writes it.</param>
/// <param name="AuthorName">As the author is called.</param>
/// <param name="IsAutomatic">Whether the program writes by itself: it leaves at once, and nobody waits for it or is told of it as of a colleague.</param>
/// <param name="Details">What is kept of how it was made; null where a person wrote it.</param>
[GenerateSerializer, Immutable, Alias("message.write")]
public sealed record WriteMessage(
    Guid MessageId, [property: Id(0)] MessageContent Content, [property: Id(1)] bool IsNote, [property: Id(2)] MessageDispatch? Dispatch,
    [property: Id(3)] Guid? By, [property: Id(4)] Guid? AuthorId, [property: Id(5)] string AuthorName, [property: Id(6)] bool IsAutomatic = false,
    [property: Id(7)] RawJson? Details = null) : MessageCommand(MessageId);

/// <summary>Says a draft anew.</summary>
/// <param name="MessageId">The draft.</param>
/// <param name="Content">What it says now.</param>
[GenerateSerializer, Immutable, Alias("message.edit")]
public sealed record EditDraft(Guid MessageId, [property: Id(0)] MessageContent Content) : MessageCommand(MessageId);

/// <summary>Throws a draft away.</summary>
[GenerateSerializer, Immutable, Alias("message.discard")]
public sealed record DiscardDraft(Guid MessageId) : MessageCommand(MessageId);

/// <summary>Sends a draft.</summary>
/// <param name="MessageId">The draft.</param>
/// <param name="Dispatch">How it leaves.</param>
[GenerateSerializer, Immutable, Alias("message.send")]
public sealed record QueueMessage(Guid MessageId, [property: Id(0)] MessageDispatch Dispatch) : MessageCommand(MessageId);

/// <summary>Takes a message back before it left.</summary>
[GenerateSerializer, Immutable, Alias("message.cancel")]
public sealed record CancelMessage(Guid MessageId) : MessageCommand(MessageId);

/// <summary>Sends a failed message again, or one whose outcome is unknown: a person decides.</summary>
[GenerateSerializer, Immutable, Alias("message.retry")]
public sealed record RetryMessage(Guid MessageId) : MessageCommand(MessageId);

/// <summary>Says of a message whose outcome is unknown that it was sent: a person knows.</summary>
[GenerateSerializer, Immutable, Alias("message.confirm")]
public sealed record ConfirmMessage(Guid MessageId) : MessageCommand(MessageId);

/// <summary>The program's own: hands a message to its provider from here on. Refused where it is not due.</summary>
[GenerateSerializer, Immutable, Alias("message.begin")]
public sealed record BeginSending(Guid MessageId) : MessageCommand(MessageId);

/// <summary>The program's own: a provider said what became of a message.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Report">What it said.</param>
/// <param name="ProviderId">The provider's id of it, where it was not known before.</param>
[GenerateSerializer, Immutable, Alias("message.report")]
public sealed record ReportDelivery(Guid MessageId, [property: Id(0)] DeliveryReport Report, [property: Id(1)] string? ProviderId = null) : MessageCommand(MessageId);

/// <summary>Moves a message to another thread; a mark stays in its place.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="ToThreadId">The thread that it goes to.</param>
/// <param name="Reason">Why.</param>
[GenerateSerializer, Immutable, Alias("message.move")]
public sealed record MoveMessage(Guid MessageId, [property: Id(0)] Guid ToThreadId, [property: Id(1)] string? Reason) : MessageCommand(MessageId);

/// <summary>The program's own: a message was moved here, and gets its place.</summary>
[GenerateSerializer, Immutable, Alias("message.take-moved")]
public sealed record TakeMovedMessage(Guid MessageId) : MessageCommand(MessageId);

/// <summary>A message came in.</summary>
/// <param name="Message">As it was read; the thread gives it its place.</param>
/// <param name="NewSubject">The subject that its sender gave the conversation, where that changed.</param>
/// <param name="Begins">The thread that it begins; null where it joins one.</param>
/// <param name="LinkedThreadId">The thread that a new one goes on from.</param>
/// <param name="FailedMessage">The message of ours that it says did not arrive.</param>
/// <param name="Failure">What it says of that.</param>
[GenerateSerializer, Immutable, Alias("message.receive")]
public sealed record ReceiveMessage(
    CommunicationMessage Message, string? NewSubject = null, CommunicationThreadDetails? Begins = null,
    Guid? LinkedThreadId = null, Guid? FailedMessage = null, DeliveryReport? Failure = null)
    : EntityCommand<CommunicationThread>;

/// <summary>The program's own: sends a message that is due. Stored until then.</summary>
/// <param name="MessageId">The message.</param>
[GenerateSerializer, Immutable, Alias("message.dispatch")]
public sealed record SendMessage(Guid MessageId);

/// <summary>The program's own: works what a provider sent. Stored until it is done.</summary>
/// <param name="RawId">What was kept of it.</param>
[GenerateSerializer, Immutable, Alias("message.work")]
public sealed record WorkInbound(Guid RawId);

/// <summary>The program's own: fetches what came with a short message from its provider. Stored until it is done.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Number">Its place among what came with it, from 0.</param>
[GenerateSerializer, Immutable, Alias("message.fetch-media")]
public sealed record FetchMedia(Guid MessageId, int Number);

/// <summary>The program's own: what came with a message was fetched, or never will be.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Number">Its place among what came with it, from 0.</param>
/// <param name="FileId">The attachment that was made of it; null where it is lost.</param>
/// <param name="MimeType">By its content.</param>
/// <param name="FileSize">Bytes.</param>
/// <param name="Sha256">Hexadecimal.</param>
/// <param name="Fault">Why it is lost.</param>
[GenerateSerializer, Immutable, Alias("message.settle-media")]
public sealed record SettleMedia(
    Guid MessageId, [property: Id(0)] int Number, [property: Id(1)] Guid? FileId, [property: Id(2)] string? MimeType, [property: Id(3)] long FileSize,
    [property: Id(4)] string? Sha256, [property: Id(5)] string? Fault) : MessageCommand(MessageId);

/// <summary>Takes away what messages say, and from whom and to whom they were; their places, times and states stay.</summary>
/// <param name="MessageIds">The messages; those of other threads, and those that were erased, are left alone.</param>
/// <param name="IsWhole">Whether the thread forgets its customer's address and its subject too.</param>
[GenerateSerializer, Immutable, Alias("thread.erase-messages")]
public sealed record EraseMessages(IReadOnlyList<Guid> MessageIds, bool IsWhole) : EntityCommand<CommunicationThread>;
