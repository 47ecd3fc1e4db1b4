using System.Text.Json;
using ChargeCars.Conversations.Channels;
using ChargeCars.Platform.Reading;
using ChargeCars.Relations.PhoneNumbers;

namespace ChargeCars.Conversations.Providers;

/// <summary>Messages that came in by WhatsApp.</summary>
internal static class WhatsappMessages
{
    private const int MaxText = 70_000;

    /// <summary>Null where it names neither itself nor its sender.</summary>
    /// <param name="message">One of <c>messages</c>.</param>
    /// <param name="account">Our number's id.</param>
    /// <param name="contacts">The change's <c>contacts</c>, which may be absent.</param>
    public static ChannelMessage? Read(JsonElement message, string account, JsonElement[] contacts)
    {
        if (message.Text("id", 500) is not { } id || With(message, contacts) is not { } sender)
        {
            return null;
        }

        var type = message.Text("type", 50) ?? "";
        var body = message.Member(type);
        var context = message.Member("context");
        var read = new ChannelMessage
        {
            Channel = ChannelType.Whatsapp,
            Account = account,
            ExternalId = id,
            With = sender,
            At = message.Member("timestamp").Time(),
            RefersTo = context.Text("id", 500),
            IsForwarded = (context.Member("forwarded").Truth() ?? false) || (context.Member("frequently_forwarded").Truth() ?? false),
        };
        return type switch
        {
            "text" => Text(read, body.Text("body", MaxText)),
            "image" or "video" or "audio" or "voice" or "document" or "sticker" => read with
            {
                Kind = ChannelMessageKind.Media,
                Text = body.Text("caption", MaxText),
                Media = [new(body.Text("url"), body.Text("id", 500), body.Text("mime_type", 200), body.Text("filename", 1_000), body.Text("sha256", 200))],
            },
            "location" => read with
            {
                Kind = ChannelMessageKind.Location,
                Text = string.Join(", ", new[] { body.Text("name", 500), body.Text("address", 500) }.OfType<string>()) is { Length: > 0 } place ? place : null,
                Latitude = Degrees(body, "latitude", 90),
                Longitude = Degrees(body, "longitude", 180),
            },
            "contacts" => read with
            {
                Kind = ChannelMessageKind.Contacts,
                Text = string.Join('\n', body.Items(50).Select(Card).OfType<string>()) is { Length: > 0 } cards ? cards : null,
            },
            "reaction" => read with { Kind = ChannelMessageKind.Reaction, Text = body.Text("emoji", 50), RefersTo = body.Text("message_id", 500) },
            "button" => Text(read, body.Text("text", MaxText) ?? body.Text("payload", MaxText)),
            "interactive" => Interactive(read, body),
            "order" => read with { Kind = ChannelMessageKind.Form, Text = body.Text("text", MaxText) },
            "system" => read with { Kind = ChannelMessageKind.System, Text = body.Text("body", MaxText), With = Renumbered(sender, body) },
            "edit" => read with
            {
                Kind = ChannelMessageKind.Edit,
                RefersTo = body.Text("original_message_id", 500),
                Text = body.Member("message").Member("text").Text("body", MaxText) ?? body.Member("text").Text("body", MaxText),
            },
            "revoke" => read with { Kind = ChannelMessageKind.Revoke, RefersTo = body.Text("original_message_id", 500) },
            _ => read with { Kind = ChannelMessageKind.Unsupported, Text = Error(message) },
        };
    }

    private static ChannelMessage Text(ChannelMessage read, string? text) => read with { Text = text, OptOut = OptOutWords.Read(text) };

    private static ChannelMessage Interactive(ChannelMessage read, JsonElement? body) => body.Text("type", 50) switch
    {
        "button_reply" => Text(read, body.Member("button_reply").Text("title", MaxText) ?? body.Member("button_reply").Text("id", 500)),
        "list_reply" => Text(read, body.Member("list_reply").Text("title", MaxText) ?? body.Member("list_reply").Text("id", 500)),
        _ => read with { Kind = ChannelMessageKind.Form, Text = body.Member("nfm_reply").Text("body", MaxText) },
    };

    /// <summary>
    /// The sender: by their user id where there is one, since they may hide their number. Without <c>contacts</c> the message alone tells.
    /// </summary>
    private static Counterpart? With(JsonElement message, JsonElement[] contacts)
    {
        var (from, user) = (message.Text("from", 100), message.Text("from_user_id", 200));
        var contact = contacts.Select(one => (JsonElement?)one).FirstOrDefault(one =>
                (user is not null && one.Text("user_id", 200) == user) || (from is not null && one.Text("wa_id", 100) == from))
            ?? (contacts is [var only] ? only : null);
        user ??= contact.Text("user_id", 200);
        var digits = from ?? contact.Text("wa_id", 100);
        var number = Number(digits);
        return (user ?? number ?? digits) is { } key ? new(key, number, digits ?? key, contact.Member("profile").Text("name", 500)) : null;
    }

    /// <summary>Their number is another now, and with it their user id.</summary>
    private static Counterpart Renumbered(Counterpart sender, JsonElement? system)
    {
        var digits = system.Text("wa_id", 100) ?? system.Text("new_wa_id", 100);
        var number = Number(digits) ?? sender.Number;
        var key = system.Text("user_id", 200) ?? (digits is null ? sender.Key : number ?? digits);
        return sender with { Key = key, Number = number, Raw = digits ?? sender.Raw };
    }

    /// <summary>WhatsApp's digits have no plus, and are international always.</summary>
    private static string? Number(string? digits) =>
        digits is { Length: > 0 } && digits.All(char.IsAsciiDigit) ? PhoneNumberRules.Read($"+{digits}").E164 : null;

    private static double? Degrees(JsonElement? body, string name, double most) =>
        body.Member(name).Number() is { } degrees && Math.Abs((double)degrees) <= most ? (double)degrees : null;

    private static string? Card(JsonElement card)
    {
        var name = card.Member("name").Text("formatted_name", 500);
        var phones = string.Join(", ", card.Member("phones").Items(20).Select(phone => phone.Text("phone", 100)).OfType<string>());
        return string.Join(": ", new[] { name, phones }.Where(part => !string.IsNullOrEmpty(part))) is { Length: > 0 } text ? text : null;
    }

    private static string? Error(JsonElement message) => message.Member("errors").Items(1).Select(error => error.Text("title", 500)).FirstOrDefault();
}
