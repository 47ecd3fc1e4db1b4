using System.Security.Cryptography;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Conversations.Intake;

/// <summary>A mail that was read, as the message that is kept of it.</summary>
internal static class MailTranslation
{
    /// <summary>The message's id: the same for every copy of the mail, by whatever route it comes.</summary>
    public static Guid IdOf(InboundMail mail) => NameBasedId.Of($"message/email/{mail.ExternalId}/{mail.ContentHash}");

    /// <summary>The message.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="raw">What was kept of it.</param>
    /// <param name="account">The mailbox that it came to.</param>
    /// <param name="sender">Who sent it, by the books.</param>
    /// <param name="flags">What a person should know.</param>
    public static CommunicationMessage Message(InboundMail mail, InboundRaw raw, Guid? account, Guid? sender, IReadOnlyList<ThreadFlag> flags)
    {
        var id = IdOf(mail);
        var shown = mail.Html is { } html ? HtmlMail.Sanitize(html, contentId => AddressOf(id, mail, contentId)) : null;
        return new()
        {
            Id = id,
            Nature = NatureOf(mail.Nature.Author),
            Direction = MessageDirection.Inbound,
            Status = MessageStatus.Delivered,
            SenderContactId = sender,
            SenderEmail = mail.From?.Address,
            SenderName = mail.From?.Name,
            RecipientEmails = [.. mail.To.Select(to => to.Address)],
            CcEmails = [.. mail.Cc.Select(cc => cc.Address)],
            BccEmails = [.. mail.Bcc.Select(bcc => bcc.Address)],
            Subject = mail.Subject,
            BodyText = mail.Text,
            BodyHtml = mail.Html,
            ShownHtml = shown?.Html,
            BlockedImages = shown?.BlockedImages ?? 0,
            Attachments =
            [
                .. mail.Attachments.Select(file => new MessageAttachment(
                    file.FileName, file.OriginalFileName, file.MimeType, file.Content.Length, file.ContentId, file.IsInline,
                    Convert.ToHexStringLower(SHA256.HashData(file.Content.Span)))),
            ],
            ExternalMessageId = mail.ExternalId,
            ChannelAccountId = account,
            ContentHash = mail.ContentHash,
            ReferenceIds = mail.References,
            SentAt = mail.Date ?? raw.ReceivedAt,
            Folds = [.. mail.Folds.Select(fold => new MessageFold(FoldWord(fold.Kind), fold.Start, fold.Length))],
            Faults = mail.Faults,
            Flags = flags,
            RawId = raw.Id,
            Details = DetailsOf(mail),
        };
    }

    private static string? AddressOf(Guid id, InboundMail mail, string contentId)
    {
        for (var i = 0; i < mail.Attachments.Count; i++)
        {
            if (mail.Attachments[i].ContentId == contentId)
            {
                return $"/api/messages/{id}/attachments/{i}";
            }
        }

        return null;
    }

    private static string FoldWord(TextFoldKind kind) => kind switch
    {
        TextFoldKind.Quote => "quote",
        TextFoldKind.Signature => "signature",
        _ => "text",
    };

    private static MessageNature NatureOf(MailAuthor author) => author switch
    {
        MailAuthor.AutoReply => MessageNature.AutoReply,
        MailAuthor.List => MessageNature.List,
        MailAuthor.Bounce => MessageNature.Bounce,
        MailAuthor.Complaint => MessageNature.Complaint,
        _ => MessageNature.Person,
    };

    private static RawJson? DetailsOf(InboundMail mail)
    {
        var numbers = MailSubject.Numbers(mail.Subject);
        return mail.ReplyTo is null && mail.ForwardedFrom is null && mail.Bounce is null && numbers.Count == 0 ? null : RowJson.ForClient(new
        {
            replyTo = mail.ReplyTo?.Address,
            forwardedFrom = mail.ForwardedFrom?.Address,
            forwardedFromName = mail.ForwardedFrom?.Name,
            bounce = mail.Bounce is null ? null : new { mail.Bounce.Action, mail.Bounce.Recipient, mail.Bounce.Status, mail.Bounce.Diagnostic },
            suggestedNumbers = numbers.Count == 0 ? null : numbers,
        });
    }
}
