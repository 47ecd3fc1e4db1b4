using ChargeCars.Api.Identity;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;

namespace ChargeCars.Api.Conversations.Messages;

/// <summary>A message as clients see it. Times are UTC; the HTML is safe to show, in a frame that runs no scripts.</summary>
public sealed record MessageView(
    Guid Id,
    Guid ThreadId,
    int? Position,
    MessageNature Nature,
    MessageDirection? Direction,
    MessageStatus? Status,
    Guid? SenderContactId,
    string? SenderEmail,
    string? SenderName,
    IReadOnlyList<string> RecipientEmails,
    IReadOnlyList<string> CcEmails,
    IReadOnlyList<string> BccEmails,
    string? Subject,
    string? BodyText,
    string? BodyHtml,
    int BlockedImages,
    IReadOnlyList<MessageFold> Folds,
    IReadOnlyList<MessageAttachment> Attachments,
    string? ExternalMessageId,
    Guid? ChannelAccountId,
    string? CounterpartKey,
    DateTimeOffset? SentAt,
    DateTimeOffset? SendAt,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? ReadAt,
    DateTimeOffset? FailedAt,
    string? ErrorCode,
    string? ErrorText,
    IReadOnlyList<ThreadFlag> Flags,
    IReadOnlyList<string> Faults,
    IReadOnlyList<Guid> Mentions,
    RawJson? Details,
    bool HasRaw,
    Guid? MovedThreadId,
    DateTimeOffset? ErasedAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    long Version)
{
    internal static MessageView Of(CommunicationMessage message, Caller caller)
    {
        // To a partner: what was said, and no more.
        var (ours, delivery) = (caller.PartnerOrganizationId is null, message.Delivery);
        return new(
            message.Id, message.ThreadId, message.Position, message.Nature, message.Direction, message.Status, message.SenderContactId, message.SenderEmail,
            message.SenderName, message.RecipientEmails, message.CcEmails, ours ? message.BccEmails : [], message.Subject, message.BodyText, message.ShownHtml,
            message.BlockedImages, message.Folds, message.Attachments, message.ExternalMessageId, message.ChannelAccountId, message.CounterpartKey, message.SentAt,
            delivery?.SendAt, delivery?.DeliveredAt, delivery?.ReadAt, delivery?.FailedAt, ours ? delivery?.ErrorCode : null, ours ? delivery?.ErrorText : null,
            ours ? message.Flags : [], message.Faults, ours ? message.Mentions : [], ours ? message.Details : null, message.RawId is not null,
            ours ? message.MovedThreadId : null, message.ErasedAt, message.CreatedAt, message.UpdatedAt, message.Version);
    }
}
