using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using ChargeCars.Conversations.Threads;
using ChargeCars.Platform.Reading;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.PhoneNumbers;

namespace ChargeCars.Conversations.Intake;

/// <summary>A text or WhatsApp message, as the message that is kept of it.</summary>
internal static class ChannelTranslation
{
    /// <summary>The forms in which an account of ours may be written, lower case.</summary>
    public static IReadOnlyList<string> Accounts(string account)
    {
        var digits = account.Length > 6 && account.All(char.IsAsciiDigit) ? $"+{account}" : account;
        return [.. new[] { account.ToLowerInvariant(), digits.ToLowerInvariant(), PhoneNumberRules.Read(digits).E164 }.OfType<string>().Where(form => form.Length > 0).Distinct()];
    }

    /// <summary>Whatever the other side is known by, what the channel calls them first.</summary>
    public static IReadOnlyList<string> Addresses(Counterpart with) =>
        [.. new[] { with.Key, with.Raw }.Concat(with.Number is { } number ? WhatsappRules.Forms(number) : []).Distinct(StringComparer.Ordinal)];

    /// <summary>What the matching needs to know.</summary>
    public static IncomingMessage Incoming(ChannelMessage said) => new(
        said.ExternalId, "", said.With.Key, [], said.RefersTo is { } other ? [other] : [], null, HasThreads: false);

    /// <summary>The message's id: the same however often it is delivered.</summary>
    public static Guid IdOf(ChannelMessage said, Guid? account) => NameBasedId.Of($"message/{WireText.Of(said.Channel)}/{account}/{said.ExternalId}");

    /// <summary>The message.</summary>
    /// <param name="said">What was sent.</param>
    /// <param name="rawId">What was kept of it; null where that is the telephony system's event.</param>
    /// <param name="receivedAt">When it came, UTC.</param>
    /// <param name="account">The account of ours.</param>
    /// <param name="sender">The other side, by the books.</param>
    /// <param name="flags">What a person should know.</param>
    public static CommunicationMessage Message(
        ChannelMessage said, Guid? rawId, DateTimeOffset receivedAt, Guid? account, Guid? sender, IReadOnlyList<ThreadFlag> flags)
    {
        var isInbound = said.Direction == MessageDirection.Inbound;
        var at = said.At ?? receivedAt;
        return new()
        {
            Id = IdOf(said, account),
            Nature = NatureOf(said.Kind),
            Direction = said.Direction,
            Status = isInbound ? MessageStatus.Delivered : MessageStatus.Uncertain,
            Delivery = isInbound ? null : DeliveryRules.SentElsewhere,
            SenderContactId = isInbound ? sender : null,
            SenderName = isInbound ? said.With.Name : null,
            RecipientEmails = isInbound ? [] : [said.With.Number ?? said.With.Raw],
            BodyText = said.Text,
            Attachments = [.. said.Media.Select(Awaited)],
            ExternalMessageId = said.ExternalId,
            ChannelAccountId = account,
            ReferenceIds = said.RefersTo is { } other ? [other] : [],
            CounterpartKey = said.With.Key,
            SentAt = at,
            Flags = flags,
            RawId = rawId,
            Details = RowJson.ForClient(new
            {
                kind = System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(said.Kind.ToString()),
                number = said.With.Number,
                raw = said.With.Raw,
                refersTo = said.RefersTo,
                isForwarded = said.IsForwarded ? true : (bool?)null,
                latitude = said.Latitude,
                longitude = said.Longitude,
                media = said.Media.Count == 0 ? null : said.Media.Select(media => new { media.Address, media.Id, media.MimeType, media.FileName, media.Sha256 }),
            }),
        };
    }

    private static MessageAttachment Awaited(ChannelMedia media, int number)
    {
        var type = media.MimeType is { Length: > 0 } told ? told.Split(';')[0].Trim().ToLowerInvariant() : "application/octet-stream";
        return new(FileNames.Clean(media.FileName, type, number + 1), media.FileName, type, 0, null, false, "", MediaState.Awaited);
    }

    // A sign on another message and the provider's own news ask nothing of anybody: no clock runs for them.
    private static MessageNature NatureOf(ChannelMessageKind kind) =>
        kind is ChannelMessageKind.Reaction or ChannelMessageKind.System or ChannelMessageKind.Revoke ? MessageNature.AutoReply : MessageNature.Person;
}
