using ChargeCars.Conversations.Channels;
using ChargeCars.Platform.Entities;
using ChargeCars.Relations;
using ChargeCars.Relations.PhoneNumbers;

namespace ChargeCars.Conversations.Messages;

/// <summary>What an author may write, by the channel that it goes over.</summary>
internal static class MessageContentRules
{
    /// <summary>The longest text, in characters.</summary>
    public const int LongestText = 100_000;

    /// <summary>The longest HTML, in characters.</summary>
    public const int LongestHtml = 500_000;

    /// <summary>As many segments as providers join to one text message.</summary>
    public const int LongestSms = 1_530;

    /// <summary>The longest text of WhatsApp's.</summary>
    public const int LongestWhatsapp = 4_096;

    /// <summary>The most that goes along with a mail, bytes: a third larger on the way, it is what mailboxes take.</summary>
    public const long LargestFiles = 15 * 1024 * 1024;

    private const int MostFiles = 50;
    private const int MostAddresses = 50;
    private const int MostMentions = 20;

    /// <summary>Every faulty field; null where all are sound.</summary>
    /// <param name="content">What was written.</param>
    /// <param name="channel">The thread's channel.</param>
    /// <param name="isNote">Whether it stays among ourselves.</param>
    /// <param name="isDraft">Whether it may still be incomplete.</param>
    public static Invalid? Check(MessageContent content, ChannelType channel, bool isNote, bool isDraft)
    {
        var longest = isNote ? LongestText : channel switch
        {
            ChannelType.Sms => LongestSms,
            ChannelType.Whatsapp => LongestWhatsapp,
            _ => LongestText,
        };
        var isEmail = channel == ChannelType.Email && !isNote;
        const string OnlyMail = "belongs to mail only";
        var faults = new FieldFaults()
            .Lines("bodyText", content.BodyText, (isDraft || (isEmail && content.BodyHtml is not null) ? 0 : 1)..longest)
            .Text("subject", content.Subject, ..500)
            .Rule("bodyHtml", content.BodyHtml is not null && !isEmail, OnlyMail)
            .Rule("bodyHtml", content.BodyHtml?.Length > LongestHtml, $"must be at most {LongestHtml} characters")
            .Rule("subject", content.Subject is not null && !isEmail, OnlyMail)
            .Rule("ccEmails", content.CcEmails?.Count > 0 && !isEmail, OnlyMail)
            .Rule("bccEmails", content.BccEmails?.Count > 0 && !isEmail, OnlyMail)
            .Rule("recipientEmails", content.RecipientEmails?.Count > 0 && isNote, "has no place on a note: it never leaves")
            .Rule("recipientEmails", content.RecipientEmails?.Count > 1 && !isEmail, "must name one receiver on this channel")
            .Rule("mentions", content.Mentions?.Count > MostMentions, $"must hold at most {MostMentions}");
        foreach (var (field, addresses) in new[] { ("recipientEmails", content.RecipientEmails), ("ccEmails", content.CcEmails), ("bccEmails", content.BccEmails) })
        {
            faults.Rule(field, addresses?.Count > MostAddresses, $"must hold at most {MostAddresses}");
            for (var i = 0; i < Math.Min(addresses?.Count ?? 0, MostAddresses); i++)
            {
                var (name, address) = ($"{field}[{i}]", addresses![i]);
                faults.Text(name, address, 1..320);
                faults.Fault(name, address is null ? null : AddressFault(address, channel));
            }
        }

        return faults.Invalid;
    }

    /// <summary>Why files can't go along with a message; null where they can.</summary>
    public static Conflict? CheckFiles(IReadOnlyList<MessageAttachment> files, ChannelType channel) =>
        files.Count == 0 || channel == ChannelType.Portal ? null
        : channel != ChannelType.Email ? new Conflict("files_not_carried", "Files can't be sent through this channel: take them away, or send them by mail.")
        : files.Count > MostFiles ? new Conflict("too_many_files", $"At most {MostFiles} files go along with a mail.")
        : files.Sum(file => file.FileSize) > LargestFiles
            ? new Conflict("files_too_large", $"The files are larger than {LargestFiles / 1024 / 1024} MB together: mailboxes would refuse the mail.")
        : null;

    /// <summary>An address in the one form in which it is kept.</summary>
    public static string Address(string address, ChannelType channel) => channel switch
    {
        ChannelType.Email => EmailAddress.Normalized(address).ToLowerInvariant(),
        ChannelType.Sms or ChannelType.Whatsapp => PhoneNumberRules.Read(address).E164 ?? PlainText.Tidy(address),
        _ => PlainText.Tidy(address),
    };

    private static string? AddressFault(string address, ChannelType channel) => channel switch
    {
        ChannelType.Email => EmailAddress.Fault(address),
        ChannelType.Sms => PhoneNumberRules.Fault(address),
        _ => null,
    };
}
