using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Messages;
using MimeKit;
using MimeKit.Utils;

namespace ChargeCars.Conversations.Sending;

/// <summary>A message as the mail that leaves.</summary>
internal static class OutgoingMail
{
    /// <summary>The mail. Answers go to an address that names the thread, and ids of the conversation stand in its headers, as programs drop the one or the other.</summary>
    /// <param name="outgoing">The message; by email, with an account.</param>
    /// <param name="key">By which reply addresses prove themselves.</param>
    /// <param name="now">UTC.</param>
    public static MimeMessage Of(OutgoingMessage outgoing, ReadOnlySpan<byte> key, DateTimeOffset now)
    {
        var (message, address) = (outgoing.Message, outgoing.From!.Address!);
        var mail = new MimeMessage { Subject = message.Subject ?? "", Date = now, MessageId = message.ExternalMessageId ?? MimeUtils.GenerateMessageId() };
        mail.From.Add(new MailboxAddress(message.SenderName ?? outgoing.From.Name, address));
        mail.ReplyTo.Add(new MailboxAddress(message.SenderName ?? outgoing.From.Name, ReplyAddress.ForThread(address, message.ThreadId, key)));
        Add(mail.To, message.RecipientEmails);
        Add(mail.Cc, message.CcEmails);
        Add(mail.Bcc, message.BccEmails);
        if (outgoing.InReplyTo is { } answered)
        {
            mail.InReplyTo = answered;
        }

        foreach (var reference in outgoing.References)
        {
            mail.References.Add(reference);
        }

        if (message.Nature == MessageNature.Automatic)
        {
            foreach (var (name, value) in MailLoops.OwnHeaders)
            {
                mail.Headers.Add(name, value);
            }
        }

        var body = new BodyBuilder { TextBody = message.BodyText, HtmlBody = message.BodyHtml };
        foreach (var file in outgoing.Files)
        {
            body.Attachments.Add(file.FileName, file.Content, ContentType.TryParse(file.MimeType, out var type) ? type : new("application", "octet-stream"));
        }

        mail.Body = body.ToMessageBody();
        return mail;
    }

    private static void Add(InternetAddressList list, IReadOnlyList<string> addresses)
    {
        foreach (var address in addresses)
        {
            list.Add(new MailboxAddress("", address));
        }
    }
}
