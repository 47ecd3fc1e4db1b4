using System.Text.Json;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Platform.Reading;
using ChargeCars.Relations.PhoneNumbers;

namespace ChargeCars.Conversations.Providers;

/// <summary>
/// Aircall's text messages, in its webhook's envelope or as the callback of a number in proxy mode. Aircall keeps none to read later:
/// what is missed here is lost.
/// </summary>
internal static class AircallMessages
{
    private const int MaxText = 20_000;

    /// <summary>A message, or what became of one; null where it is neither.</summary>
    /// <param name="name">The event: <c>message.received</c>, <c>.sent</c>, <c>.status_updated</c> or <c>.updated</c>.</param>
    /// <param name="data">The message.</param>
    /// <param name="at">The event's time, UTC.</param>
    public static (ChannelMessage? Message, ChannelStatus? Status)? Read(string name, JsonElement data, DateTimeOffset at)
    {
        if (data.Text("id", 200) is not { } id)
        {
            return null;
        }

        var (line, status) = (data.Member("number"), StatusOf(data.Text("status", 50)));
        var account = line.Text("id", 64) ?? line.Text("digits", 100) ?? "";
        var report = status is { } known && known != MessageStatus.Queued ? new ChannelStatus(account, id, null, new(known, at)) : null;
        return name switch
        {
            "message.received" or "message.sent" => (Message(name, data, id, account, at), name == "message.sent" ? report : null),
            // An update repeats neither the text nor which way it went.
            "message.status_updated" or "message.updated" => (null, report),
            _ => null,
        };
    }

    private static ChannelMessage Message(string name, JsonElement data, string id, string account, DateTimeOffset at)
    {
        var raw = data.Text("raw_digits", 100) ?? data.Text("external_number", 100) ?? "";
        // The external number has no plus, and is international; raw digits are as people write them.
        var number = PhoneNumberRules.Read(raw.Length > 6 && raw.All(char.IsAsciiDigit) && raw[0] != '0' ? $"+{raw}" : raw).E164;
        var text = data.Text("body", MaxText);
        ChannelMedia[] media =
        [
            .. new[] { data.Member("media_url"), data.Member("media_urls"), data.Member("media_details") }
                .SelectMany(one => one is { ValueKind: JsonValueKind.Array } ? one.Items(20) : one is { } single ? [single] : [])
                .Select(one => one.ValueKind == JsonValueKind.Object
                    ? new ChannelMedia(one.Text("presigned_url") ?? one.Text("url"), null, one.Text("file_type", 200), one.Text("file_name", 1_000))
                    : new ChannelMedia(((JsonElement?)one).Text(), null, null))
                .Where(one => one.Address is not null),
        ];
        var isInbound = name == "message.received" && data.Text("direction", 20) is not "outbound";
        return new()
        {
            Channel = data.Text("channel", 20)?.ToLowerInvariant() is "whatsapp" ? ChannelType.Whatsapp : ChannelType.Sms,
            Direction = isInbound ? MessageDirection.Inbound : MessageDirection.Outbound,
            Account = account,
            ExternalId = id,
            With = new(number ?? raw, number, raw, data.Member("contact").Text("name", 500) ?? FullName(data.Member("contact"))),
            Kind = media.Length > 0 ? ChannelMessageKind.Media : ChannelMessageKind.Text,
            At = data.Member("sent_at").Time() ?? data.Member("created_at").Time() ?? at,
            Text = text,
            Media = media,
            OptOut = isInbound ? OptOutWords.Read(text) : OptOutWord.None,
        };
    }

    private static string? FullName(JsonElement? contact) =>
        string.Join(' ', new[] { contact.Text("first_name", 200), contact.Text("last_name", 200) }.OfType<string>()) is { Length: > 0 } name ? name : null;

    private static MessageStatus? StatusOf(string? status) => status?.ToLowerInvariant() switch
    {
        "pending" or "queued" or "sending" or "accepted" => MessageStatus.Queued,
        "sent" => MessageStatus.Sent,
        "delivered" => MessageStatus.Delivered,
        "read" => MessageStatus.Read,
        "failed" or "undelivered" or "rejected" => MessageStatus.Failed,
        _ => null,
    };
}
