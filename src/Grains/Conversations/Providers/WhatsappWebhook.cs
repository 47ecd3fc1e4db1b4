using System.Text.Json;
using ChargeCars.Conversations.Messages;
using ChargeCars.Platform.Reading;

namespace ChargeCars.Conversations.Providers;

/// <summary>What one request of Meta's holds: it may be of several accounts and of many messages.</summary>
/// <param name="Messages">Messages, in order.</param>
/// <param name="Statuses">What became of ours, in order.</param>
/// <param name="Kept">Fields that are kept raw: template states, echoes, preferences, calls, and what could not be read.</param>
internal sealed record WhatsappReading(IReadOnlyList<ChannelMessage> Messages, IReadOnlyList<ChannelStatus> Statuses, IReadOnlyList<string> Kept);

/// <summary>Meta's webhook of the WhatsApp Cloud API.</summary>
internal static class WhatsappWebhook
{
    /// <summary>The text to answer to Meta's verification; null to refuse it.</summary>
    public static string? Challenge(string? mode, string? token, string? challenge, IEnumerable<string> tokens)
    {
        var isOne = false;
        foreach (var known in tokens)
        {
            isOne |= Signatures.IsSame(known, token ?? "");
        }

        return isOne && mode is "subscribe" && challenge is { Length: > 0 and <= 1_000 } ? challenge : null;
    }

    /// <summary>Reads a body; refused only where it is not an object with <c>entry</c>. Nothing in it makes the rest unread.</summary>
    public static Result<WhatsappReading> Read(ReadOnlyMemory<byte> body)
    {
        if (LooseJson.Parse(body) is not { ValueKind: JsonValueKind.Object } root || root.Member("entry") is not { ValueKind: JsonValueKind.Array } entries)
        {
            return Invalid.Field("entry", "must be a list of entries");
        }

        List<ChannelMessage> messages = [];
        List<ChannelStatus> statuses = [];
        List<string> kept = [];
        foreach (var change in ((JsonElement?)entries).Items().SelectMany(entry => entry.Member("changes").Items()))
        {
            var (field, value) = (change.Text("field", 100) ?? "", change.Member("value"));
            if (field != "messages" || value is null)
            {
                kept.Add(field);
                continue;
            }

            ReadMessages(value.Value, messages, statuses, kept);
        }

        return new WhatsappReading(messages, statuses, kept);
    }

    private static void ReadMessages(JsonElement value, List<ChannelMessage> messages, List<ChannelStatus> statuses, List<string> kept)
    {
        var account = value.Member("metadata").Text("phone_number_id", 100) ?? value.Member("metadata").Text("display_phone_number", 100) ?? "";
        JsonElement[] contacts = [.. value.Member("contacts").Items()];
        foreach (var message in value.Member("messages").Items())
        {
            if (WhatsappMessages.Read(message, account, contacts) is { } read)
            {
                messages.Add(read);
            }
            else
            {
                kept.Add("messages");
            }
        }

        foreach (var status in value.Member("statuses").Items())
        {
            if (WhatsappStatuses.Read(status, account) is { } read)
            {
                statuses.Add(read);
            }
            else
            {
                kept.Add("statuses");
            }
        }

        if (value.Member("errors") is not null)
        {
            kept.Add("errors");
        }
    }
}

/// <summary>What became of messages that went out by WhatsApp.</summary>
internal static class WhatsappStatuses
{
    /// <summary>Null where it names no message or no state that is known.</summary>
    public static ChannelStatus? Read(JsonElement status, string account)
    {
        MessageStatus? known = status.Text("status", 20) switch
        {
            "sent" => MessageStatus.Sent,
            "delivered" => MessageStatus.Delivered,
            "read" or "played" => MessageStatus.Read,
            "failed" => MessageStatus.Failed,
            _ => null,
        };
        if (known is null || status.Text("id", 500) is not { } id || status.Member("timestamp").Time() is not { } at)
        {
            return null;
        }

        var error = status.Member("errors").Items().Select(one => (JsonElement?)one).FirstOrDefault();
        var code = error.Member("code").Integer();
        return new(
            account, id, status.Text("biz_opaque_callback_data", 512),
            new(
                known.Value, at, error.Text("code", 20), error.Member("error_data").Text("details", 1_000) ?? error.Text("title", 1_000),
                known == MessageStatus.Failed ? FateOf(code) : DeliveryFate.Unknown),
            OptedOut: code == 131050);
    }

    /// <summary>What an error code of Meta's means for the message.</summary>
    public static DeliveryFate FateOf(int? code) => code switch
    {
        4 or 80007 or 130429 or 131000 or 131016 or 131056 => DeliveryFate.Again,
        131026 or 131047 or 131049 or 131050 or 131051 or (>= 132_000 and < 133_000) => DeliveryFate.Final,
        190 => DeliveryFate.ChannelBroken,
        _ => DeliveryFate.Unknown,
    };
}
