using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Templates;

namespace ChargeCars.Conversations.Sending;

/// <summary>A message on its way out, with what its provider must know.</summary>
/// <param name="Message">The message.</param>
/// <param name="From">The account that it goes out from; null on a channel without addresses.</param>
/// <param name="References">Ids of the thread's messages before it, the oldest first.</param>
/// <param name="InReplyTo">The id of the message that it answers.</param>
internal sealed record OutgoingMessage(CommunicationMessage Message, ChannelAccount? From, IReadOnlyList<string> References, string? InReplyTo)
{
    /// <summary>The approved template that it is, where WhatsApp takes nothing else now.</summary>
    public ProviderTemplate? Template { get; init; }

    /// <summary>What goes along; by email alone.</summary>
    public IReadOnlyList<OutgoingFile> Files { get; init; } = [];

    /// <summary>The provider's ids of its earlier attempts, and of other messages of ours to the same receiver: none of these is this one.</summary>
    public IReadOnlySet<string> KnownIds { get; init; } = new HashSet<string>();
}

/// <summary>A file on its way out.</summary>
/// <param name="FileName">Its name.</param>
/// <param name="MimeType">By its content.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record OutgoingFile(string FileName, string MimeType, byte[] Content);

/// <summary>What a provider did with a message.</summary>
internal abstract record SendingResult;

/// <summary>It took it.</summary>
/// <param name="ProviderId">Its id of it, where it gives one.</param>
/// <param name="Status">Sent, or delivered where that is the same.</param>
internal sealed record Taken(string? ProviderId = null, MessageStatus Status = MessageStatus.Sent) : SendingResult;

/// <summary>It certainly did not take it.</summary>
/// <param name="Code">Its code.</param>
/// <param name="Text">Its words.</param>
/// <param name="Fate">Whether sending it again may help.</param>
internal sealed record Refused(string? Code, string? Text, DeliveryFate Fate) : SendingResult;

/// <summary>Nobody knows: the answer was lost. It is not sent again without a look-up or a person.</summary>
/// <param name="Text">What happened.</param>
internal sealed record Unknown(string? Text) : SendingResult;

/// <summary>Hands messages of one channel to whoever brings them on.</summary>
internal interface IMessageSender
{
    /// <summary>The channel.</summary>
    ChannelType Channel { get; }

    /// <summary>Hands it over, once. A fault that is thrown counts as unknown.</summary>
    Task<SendingResult> SendAsync(OutgoingMessage message, CancellationToken cancellation);

    /// <summary>Looks for a message whose outcome is unknown; null where the provider can't be asked or does not know.</summary>
    Task<SendingResult?> FindAsync(OutgoingMessage message, CancellationToken cancellation) => Task.FromResult<SendingResult?>(null);
}
