using System.Text.Json.Serialization;

namespace ChargeCars.Conversations.Messages;

/// <summary>Which way a message goes (<c>communication_message.direction</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<MessageDirection>))]
public enum MessageDirection
{
    /// <summary>To us.</summary>
    Inbound,

    /// <summary>From us.</summary>
    Outbound,
}

/// <summary>How far a message is (<c>communication_message.status</c>; queued and uncertain are ours).</summary>
[JsonConverter(typeof(WireEnumConverter<MessageStatus>))]
public enum MessageStatus
{
    /// <summary>Being written.</summary>
    Draft,

    /// <summary>To be sent, at once or later; can be taken back.</summary>
    Queued,

    /// <summary>Perhaps sent: the provider's answer was lost. Never sent again without a look-up or a person.</summary>
    Uncertain,

    /// <summary>The provider took it.</summary>
    Sent,

    /// <summary>It arrived.</summary>
    Delivered,

    /// <summary>It did not arrive.</summary>
    Failed,

    /// <summary>It was read.</summary>
    Read,
}

/// <summary>What an error of a provider means for the message.</summary>
[JsonConverter(typeof(WireEnumConverter<DeliveryFate>))]
public enum DeliveryFate
{
    /// <summary>The provider's code says neither.</summary>
    Unknown,

    /// <summary>Sending it again can't help.</summary>
    Final,

    /// <summary>It may be sent again later.</summary>
    Again,

    /// <summary>Nothing goes through this channel until a person mends it.</summary>
    ChannelBroken,
}

/// <summary>What a provider reports of a message.</summary>
/// <param name="Status">Sent, delivered, read or failed; queued where it says no more.</param>
/// <param name="At">When, by the provider's clock, UTC.</param>
/// <param name="ErrorCode">The provider's code.</param>
/// <param name="ErrorText">The provider's words.</param>
/// <param name="Fate">What that means.</param>
/// <param name="Attempt">The attempt that it speaks of, from 1; null for the newest.</param>
[GenerateSerializer, Immutable, Alias("delivery-report")]
public sealed record DeliveryReport(
    MessageStatus Status,
    DateTimeOffset At,
    string? ErrorCode = null,
    string? ErrorText = null,
    DeliveryFate Fate = DeliveryFate.Unknown,
    int? Attempt = null);

/// <summary>A message's delivery: what we did, and the first that was heard of each state.</summary>
[GenerateSerializer, Immutable, Alias("message-delivery")]
public sealed record MessageDelivery
{
    /// <summary>How far it is.</summary>
    [Id(0)] public MessageStatus Status { get; init; }

    /// <summary>Draft, queued or uncertain: how far it is by our own doing.</summary>
    [Id(1)] public MessageStatus Stage { get; init; }

    /// <summary>How often it was handed to the provider.</summary>
    [Id(2)] public int Attempt { get; init; }

    /// <summary>Not before this time is it sent, UTC.</summary>
    [Id(3)] public DateTimeOffset? SendAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(4)] public DateTimeOffset? SentAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(5)] public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(6)] public DateTimeOffset? ReadAt { get; init; }

    /// <summary>That of the attempt that counts, UTC.</summary>
    [Id(7)] public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Why it failed: the provider's code.</summary>
    [Id(8)] public string? ErrorCode { get; init; }

    /// <summary>Why it failed: the provider's words.</summary>
    [Id(9)] public string? ErrorText { get; init; }

    /// <summary>What that means.</summary>
    [Id(10)] public DeliveryFate Fate { get; init; }

    /// <summary>When it was handed to the provider, the newest attempt's, UTC.</summary>
    [Id(11)] public DateTimeOffset? HandedAt { get; init; }
}
