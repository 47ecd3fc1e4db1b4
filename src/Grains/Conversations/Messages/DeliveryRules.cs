using ChargeCars.Conversations.Channels;

namespace ChargeCars.Conversations.Messages;

/// <summary>
/// A message's delivery: what we do to it, and what providers report in any order and repetition. A state never goes back: sent is less
/// than failed, failed less than delivered, delivered less than read. By email a bounce may follow a delivery, so there delivered is
/// less than failed.
/// </summary>
internal static class DeliveryRules
{
    /// <summary>How long a message can be taken back after it was sent.</summary>
    public static readonly TimeSpan UndoTime = TimeSpan.FromSeconds(10);

    /// <summary>How often a message is tried without a person.</summary>
    public const int MaxAttempts = 5;

    /// <summary>
    /// Puts a draft into the queue, after the time to take it back or at a time of one's own, UTC. What the program writes by itself leaves
    /// at once: it does not change its mind.
    /// </summary>
    public static Result<MessageDelivery> Queue(MessageDelivery delivery, DateTimeOffset? sendAt, DateTimeOffset now, bool isAutomatic = false)
    {
        var earliest = isAutomatic ? now : now + UndoTime;
        return delivery.Status == MessageStatus.Draft
            ? Staged(delivery with { SendAt = sendAt > earliest ? sendAt : earliest }, MessageStatus.Queued)
            : Refuse(delivery, "send", MessageStatus.Queued);
    }

    /// <summary>Takes a message back before it is handed to the provider.</summary>
    public static Result<MessageDelivery> Cancel(MessageDelivery delivery, DateTimeOffset now) =>
        delivery.Status == MessageStatus.Queued && delivery.SendAt > now
            ? Staged(delivery with { SendAt = null }, MessageStatus.Draft)
            : Refuse(delivery, "cancel", MessageStatus.Draft);

    /// <summary>Hands it to the provider: from here on its outcome is unknown until it is known. Refused where it is not due.</summary>
    public static Result<MessageDelivery> Begin(MessageDelivery delivery, DateTimeOffset now) =>
        delivery.Status == MessageStatus.Queued && delivery.SendAt <= now
            ? Staged(delivery with { Attempt = delivery.Attempt + 1, SendAt = null, HandedAt = now }, MessageStatus.Uncertain)
            : Refuse(delivery, "begin", MessageStatus.Uncertain);

    /// <summary>Fails it in place of handing it over: what was allowed when it was queued is not any more. Refused where it is not due.</summary>
    public static Result<MessageDelivery> Stop(MessageDelivery delivery, string code, string text, DateTimeOffset now) => Begin(delivery, now).Map(begun =>
        begun with
        {
            Attempt = delivery.Attempt, HandedAt = delivery.HandedAt, Status = MessageStatus.Failed, FailedAt = now, ErrorCode = code, ErrorText = text, Fate = DeliveryFate.Final,
        });

    /// <summary>The provider certainly has not taken it, and it may be tried again at a time, UTC: once more by itself, or by a person.</summary>
    public static Result<MessageDelivery> Retry(MessageDelivery delivery, DateTimeOffset at) =>
        delivery.Status is MessageStatus.Failed or MessageStatus.Uncertain
            ? Staged(
                delivery with { SendAt = at, FailedAt = null, ErrorCode = null, ErrorText = null, Fate = DeliveryFate.Unknown }, MessageStatus.Queued)
            : Refuse(delivery, "retry", MessageStatus.Queued);

    /// <summary>When a failed message is tried again by itself, UTC; null where it is a person's turn.</summary>
    public static DateTimeOffset? RetriesAt(MessageDelivery delivery) =>
        delivery is { Status: MessageStatus.Failed, Fate: DeliveryFate.Again, FailedAt: { } failed, Attempt: < MaxAttempts }
            ? failed + TimeSpan.FromMinutes(Math.Pow(4, Math.Max(0, delivery.Attempt - 1)))
            : null;

    /// <summary>What is known after a report.</summary>
    public static MessageDelivery Apply(MessageDelivery delivery, DeliveryReport report, ChannelType channel)
    {
        var known = report.Status switch
        {
            MessageStatus.Sent when Counts(delivery, report) => delivery with { SentAt = Earlier(delivery.SentAt, report.At) },
            MessageStatus.Delivered => delivery with { DeliveredAt = Earlier(delivery.DeliveredAt, report.At) },
            MessageStatus.Read => delivery with { ReadAt = Earlier(delivery.ReadAt, report.At) },
            MessageStatus.Failed when Counts(delivery, report) => Failed(delivery, report),
            _ => delivery,
        };
        return known with { Status = StatusOf(known, channel) };
    }

    /// <summary>A message that an agent sent past us, as of the moment it is heard of.</summary>
    public static MessageDelivery SentElsewhere { get; } = new() { Stage = MessageStatus.Uncertain, Status = MessageStatus.Uncertain, Attempt = 1 };

    // What is reported of an attempt that was given up says nothing of the next one. That it arrived after all does.
    private static bool Counts(MessageDelivery delivery, DeliveryReport report) =>
        delivery.Stage == MessageStatus.Uncertain && (report.Attempt ?? delivery.Attempt) == delivery.Attempt;

    private static MessageStatus StatusOf(MessageDelivery known, ChannelType channel) => known switch
    {
        { ReadAt: not null } => MessageStatus.Read,
        { FailedAt: not null } when channel == ChannelType.Email => MessageStatus.Failed,
        { DeliveredAt: not null } => MessageStatus.Delivered,
        { FailedAt: not null } => MessageStatus.Failed,
        { SentAt: not null } => MessageStatus.Sent,
        _ => known.Stage,
    };

    // Of two failures the earlier is the cause; of two at once any, but always the same.
    private static MessageDelivery Failed(MessageDelivery delivery, DeliveryReport report)
    {
        var told = (report.At, report.ErrorCode ?? "", report.ErrorText ?? "", report.Fate);
        return delivery.FailedAt is { } known && told.CompareTo((known, delivery.ErrorCode ?? "", delivery.ErrorText ?? "", delivery.Fate)) >= 0
            ? delivery
            : delivery with { FailedAt = report.At, ErrorCode = report.ErrorCode, ErrorText = report.ErrorText, Fate = report.Fate };
    }

    private static MessageDelivery Staged(MessageDelivery delivery, MessageStatus stage) => delivery with { Stage = stage, Status = stage, SentAt = null };

    private static TransitionRefused Refuse(MessageDelivery delivery, string action, MessageStatus to) =>
        new(action, WireText.Of(delivery.Status), WireText.Of(to), [], []);

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;
}
