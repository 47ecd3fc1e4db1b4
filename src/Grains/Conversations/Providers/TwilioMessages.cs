using System.Globalization;
using ChargeCars.Conversations.Channels;
using ChargeCars.Conversations.Messages;
using ChargeCars.Platform.Reading;
using ChargeCars.Relations.PhoneNumbers;

namespace ChargeCars.Conversations.Providers;

/// <summary>Twilio's forms: messages that came in, and what became of those that went out.</summary>
internal static class TwilioMessages
{
    private const string Whatsapp = "whatsapp:";
    private const int MaxMedia = 20;
    private const int MaxText = 20_000;

    /// <summary>A message; refused, by field, where it can't be told whose it is.</summary>
    public static Result<ChannelMessage> ReadMessage(IEnumerable<KeyValuePair<string, string>> form)
    {
        var fields = Fields(form);
        var (id, from, to) = (Field("MessageSid") ?? Field("SmsSid"), Field("From"), Field("To") ?? Field("MessagingServiceSid"));
        if (id is null || from is null || to is null)
        {
            return Missing(("MessageSid", id), ("From", from), ("To", to));
        }

        var isWhatsapp = from.StartsWith(Whatsapp, StringComparison.OrdinalIgnoreCase);
        var address = isWhatsapp ? from[Whatsapp.Length..] : from;
        var number = PhoneNumberRules.Read(address).E164;
        var media = Media(fields);
        var text = CleanText.Of(fields.GetValueOrDefault("Body"), MaxText) ?? Field("ButtonText");
        var (latitude, longitude) = (Degrees("Latitude", 90), Degrees("Longitude", 180));
        return new ChannelMessage
        {
            Channel = isWhatsapp ? ChannelType.Whatsapp : ChannelType.Sms,
            Account = Bare(to),
            ExternalId = id,
            With = new(Field("ExternalUserId") ?? number ?? address, number, from, Field("ProfileName")),
            Kind = latitude is not null && longitude is not null ? ChannelMessageKind.Location
                : media.Count > 0 ? ChannelMessageKind.Media
                : ChannelMessageKind.Text,
            Text = text,
            Media = media,
            RefersTo = Field("OriginalRepliedMessageSid"),
            Latitude = latitude,
            Longitude = longitude,
            // Twilio's own word, where it keeps the list, before our reading of the text.
            OptOut = Field("OptOutType")?.ToUpperInvariant() switch
            {
                "STOP" => OptOutWord.Stop,
                "START" => OptOutWord.Start,
                "HELP" => OptOutWord.Help,
                _ => OptOutWords.Read(text),
            },
        };

        string? Field(string name) => CleanText.Of(fields.GetValueOrDefault(name), 1_000);

        double? Degrees(string name, double most) =>
            double.TryParse(Field(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= most ? degrees : null;
    }

    /// <summary>What became of a message; <paramref name="now"/>, UTC, where the form names no time.</summary>
    public static Result<ChannelStatus> ReadStatus(IEnumerable<KeyValuePair<string, string>> form, DateTimeOffset now)
    {
        var fields = Fields(form);
        var (id, status) = (Field("MessageSid") ?? Field("SmsSid"), Field("MessageStatus") ?? Field("SmsStatus"));
        if (id is null || StatusOf(status) is not { } known)
        {
            return Missing(("MessageSid", id), ("MessageStatus", null));
        }

        var code = Field("ErrorCode");
        var fate = known != MessageStatus.Failed ? DeliveryFate.Unknown : status is "canceled" ? DeliveryFate.Final : FateOf(code);
        return new ChannelStatus(
            Bare(Field("From") ?? Field("MessagingServiceSid") ?? ""), id, null,
            new(known, LooseTime.Of(Field("RawDlrDoneDate")) ?? now, code, Field("ErrorMessage") ?? (status is "canceled" ? status : null), fate),
            OptedOut: code is "21610");

        string? Field(string name) => CleanText.Of(fields.GetValueOrDefault(name), 1_000);
    }

    /// <summary>What an error code of Twilio's means for the message.</summary>
    public static DeliveryFate FateOf(string? code) => code switch
    {
        "21211" or "21610" or "21614" or "30005" or "30006" or "30007" => DeliveryFate.Final,
        "20429" or "21611" or "30003" or "30008" => DeliveryFate.Again,
        _ => DeliveryFate.Unknown,
    };

    private static MessageStatus? StatusOf(string? status) => status?.ToLowerInvariant() switch
    {
        "accepted" or "scheduled" or "queued" or "sending" => MessageStatus.Queued,
        "sent" => MessageStatus.Sent,
        "delivered" => MessageStatus.Delivered,
        "read" => MessageStatus.Read,
        "undelivered" or "failed" or "canceled" => MessageStatus.Failed,
        _ => null,
    };

    private static List<ChannelMedia> Media(Dictionary<string, string> fields)
    {
        List<ChannelMedia> media = [];
        for (var i = 0; i < MaxMedia; i++)
        {
            if (CleanText.Of(fields.GetValueOrDefault($"MediaUrl{i}")) is { } address)
            {
                media.Add(new(address, null, CleanText.Of(fields.GetValueOrDefault($"MediaContentType{i}"), 200)));
            }
        }

        return media;
    }

    private static Dictionary<string, string> Fields(IEnumerable<KeyValuePair<string, string>> form)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in form)
        {
            fields.TryAdd(name, value);
        }

        return fields;
    }

    private static string Bare(string address) => address.StartsWith(Whatsapp, StringComparison.OrdinalIgnoreCase) ? address[Whatsapp.Length..] : address;

    private static Invalid Missing(params ReadOnlySpan<(string Field, string? Value)> fields)
    {
        var faults = new Dictionary<string, string[]>();
        foreach (var (field, value) in fields)
        {
            if (value is null)
            {
                faults[field] = ["is missing, or not one that Twilio sends"];
            }
        }

        return new(faults);
    }
}
