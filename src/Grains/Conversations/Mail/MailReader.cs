using System.Runtime.InteropServices;
using System.Text;
using ChargeCars.Platform.Reading;
using MimeKit;

namespace ChargeCars.Conversations.Mail;

/// <summary>
/// Reads raw mail (RFC 5322). Total: whatever the bytes are, the answer is a mail, with what could not be read named in
/// <see cref="InboundMail.Faults"/>, so that none blocks the next.
/// </summary>
internal static class MailReader
{
    private const int MaxHeaders = 500;
    private const int MaxHeader = 10_000;
    private const int MaxAddresses = 500;

    // As deep as mail programs nest parts, many times over. The parser takes what is deeper as a leaf.
    private const int MaxDepth = 40;

    private static readonly string[] DeliveryHeaders =
        ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "Original-Recipient"];

    private static readonly ParserOptions Options = MakeOptions();

    /// <summary>Reads a mail.</summary>
    /// <param name="raw">As it was received.</param>
    /// <param name="isToBounceAddress">Whether it came to an address that only bounces are sent to.</param>
    public static InboundMail Read(ReadOnlyMemory<byte> raw, bool isToBounceAddress = false)
    {
        try
        {
            using var stream = StreamOf(raw);
            using var message = MimeMessage.Load(Options, stream, persistent: true);
            return Read(message, HeadersOf(message), isToBounceAddress);
        }
        // The library's word on bytes that are no mail is any of a dozen exceptions.
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return Unreadable(raw.Span, fault);
        }
    }

    /// <summary>Reads a mail whose headers came apart from its parts.</summary>
    public static InboundMail Read(MimeMessage message, MailHeaders headers, bool isToBounceAddress)
    {
        var parts = MailParts.Of(message);
        var (from, subject) = (First(message.From) ?? Address(message.Sender), CleanText.Of(message.Subject, 1_000));
        var to = Addresses(message.To);
        var date = message.Date.Year is > 1980 and < 2106 ? message.Date.ToUniversalTime() : (DateTimeOffset?)null;
        var ownId = MailIds.Normalize(headers.First("Message-ID"));
        var nature = MailNature.Of(headers, isToBounceAddress);
        var isForward = MailSubject.IsForward(subject);
        return new()
        {
            ExternalId = ownId ?? MailIds.OfContent(from?.Address, to.Select(one => one.Address), date, subject, parts.Text),
            HasOwnId = ownId is not null,
            ContentHash = MailIds.ContentHash(from?.Address, parts.Text),
            References = MailIds.ReferencesOf(ownId, headers.First("In-Reply-To"), string.Join(' ', headers.All("References"))),
            From = from,
            ReplyTo = First(message.ReplyTo),
            To = to,
            Cc = Addresses(message.Cc),
            Bcc = Addresses(message.Bcc),
            DeliveredTo =
            [
                .. to.Concat(Addresses(message.Cc)).Select(one => one.Address)
                    .Concat(DeliveryHeaders.SelectMany(headers.All).Select(Bare)).Distinct(StringComparer.Ordinal),
            ],
            Date = date,
            Subject = subject,
            Text = parts.Text,
            Html = parts.Html,
            Folds = QuoteFolding.Fold(parts.Text),
            Attachments = parts.Attachments,
            Nature = nature,
            Bounce = nature.Author == MailAuthor.Bounce ? parts.Bounce ?? new(null, null, null, null, null) : null,
            ComplainsOf = nature.Author == MailAuthor.Complaint ? parts.Bounce?.OriginalMessageId : null,
            IsForward = isForward,
            ForwardedFrom = isForward ? ForwardedMail.Sender(parts.Text) : null,
            Headers = headers,
            Faults = parts.Faults,
        };
    }

    private static InboundMail Unreadable(ReadOnlySpan<byte> raw, Exception fault)
    {
        var text = MailText.Decode(raw[..Math.Min(raw.Length, 100_000)], null);
        return new()
        {
            ExternalId = MailIds.OfContent(null, [], null, null, text),
            ContentHash = MailIds.ContentHash(null, text),
            Text = text,
            Folds = QuoteFolding.Fold(text),
            Headers = new([]),
            Faults = [$"The mail could not be read ({fault.GetType().Name}): it is shown as it came."],
        };
    }

    private static MailAddress? First(InternetAddressList list) => Addresses(list) is [var first, ..] ? first : null;

    private static IReadOnlyList<MailAddress> Addresses(InternetAddressList list) =>
        [.. list.Mailboxes.Take(MaxAddresses).Select(Address).OfType<MailAddress>().DistinctBy(one => one.Address)];

    private static MailAddress? Address(MailboxAddress? mailbox) => CleanText.Of(mailbox?.Address, 320) is { } address
        ? new(address.ToLowerInvariant(), CleanText.Of(mailbox!.Name, 200))
        : null;

    // The library keeps those about the content with the body.
    private static MailHeaders HeadersOf(MimeMessage message) =>
        new(message.Headers.Concat(message.Body?.Headers ?? []).Take(MaxHeaders)
            .Select(header => new KeyValuePair<string, string>(header.Field, Value(header))));

    private static string Value(Header header)
    {
        var value = CleanText.Storable(header.Value ?? "");
        return value.Length > MaxHeader ? value[^MaxHeader..] : value;
    }

    private static string Bare(string header) =>
        header[(header.LastIndexOf(';') + 1)..].Trim().Trim('<', '>').ToLowerInvariant();

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> raw) => MemoryMarshal.TryGetArray(raw, out var bytes)
        ? new(bytes.Array!, bytes.Offset, bytes.Count, writable: false)
        : new(raw.ToArray(), writable: false);

    private static ParserOptions MakeOptions()
    {
        var options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = MaxDepth;
        options.CharsetEncoding = MailText.Western;
        return options;
    }
}
