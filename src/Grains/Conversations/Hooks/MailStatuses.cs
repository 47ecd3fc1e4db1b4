using System.Text.Json;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using ChargeCars.Platform.Reading;

namespace ChargeCars.Conversations.Hooks;

/// <summary>
/// What mail services report of mails of ours. Where they repeat the Message-ID that we gave, a mail is found by it; else by the id that
/// they gave. What they report and we don't know is ignored: it is kept as it came.
/// </summary>
internal static class MailStatuses
{
    private const int Most = 2_000;

    /// <summary>Amazon SES.</summary>
    public const string Ses = "ses";

    /// <summary>The services that post their reports as they are.</summary>
    public static IReadOnlyList<string> Services { get; } = ["postmark", "sendgrid", "mailgun"];

    /// <summary>Reads a report; refused where it is none of the service's. <paramref name="now"/>, UTC, where it names no time.</summary>
    public static Result<IReadOnlyList<ChannelStatus>> Read(string? service, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var json = LooseJson.Parse(body);
        return service switch
        {
            "postmark" => Postmark(json, now),
            "sendgrid" => SendGrid(json, now),
            "mailgun" => Mailgun(json, now),
            // It comes by a way of its own, which looks at its topic.
            Ses => SesHook.Read(body, null, now).Map(read => read is SesStatuses told ? told.Statuses : []),
            _ => Invalid.Field("provider", $"must be {string.Join(", ", Services)}"),
        };
    }

    private static Result<IReadOnlyList<ChannelStatus>> Postmark(JsonElement? hook, DateTimeOffset now)
    {
        if (hook is not { ValueKind: JsonValueKind.Object } || hook.Text("RecordType", 50) is not { } type)
        {
            return Invalid.Field("RecordType", "is missing: this is not a report of Postmark's");
        }

        if (hook.Text("MessageID", 500) is not { } id)
        {
            return Invalid.Field("MessageID", "is missing");
        }

        var at = (hook.Member("DeliveredAt") ?? hook.Member("BouncedAt") ?? hook.Member("ReceivedAt") ?? hook.Member("ChangedAt")).Time() ?? now;
        var ours = Ours(hook.Member("Metadata").Text("message-id", 1_000));
        var report = type switch
        {
            "Delivery" => new DeliveryReport(MessageStatus.Delivered, at),
            "Open" => new(MessageStatus.Read, at),
            "SpamComplaint" => new(MessageStatus.Delivered, at, "complaint"),
            // Postmark tries again by itself: what is late has not failed.
            "Bounce" when hook.Text("Type", 50) is not ("Transient" or "DnsError" or "SMTPApiError" or "AutoResponder") => new(
                MessageStatus.Failed, at, hook.Text("Type", 50), hook.Text("Description", 1_000) ?? hook.Text("Details", 1_000),
                hook.Text("Type", 50) is "SoftBounce" ? DeliveryFate.Unknown : DeliveryFate.Final),
            _ => null,
        };
        return Reports(report is null ? [] : [new ChannelStatus(hook.Text("From", 500) ?? "", id, ours, report, OptedOut: type == "SpamComplaint")]);
    }

    private static Result<IReadOnlyList<ChannelStatus>> SendGrid(JsonElement? hook, DateTimeOffset now)
    {
        if (hook is not { ValueKind: JsonValueKind.Array })
        {
            return Invalid.Field("body", "must be SendGrid's list of events");
        }

        return Reports([.. hook.Items(Most).Select(item => OfSendGrid(item, now)).OfType<ChannelStatus>()]);
    }

    private static ChannelStatus? OfSendGrid(JsonElement item, DateTimeOffset now)
    {
        var (type, at) = (item.Text("event", 50), item.Member("timestamp").Time() ?? now);
        // Its own id goes on with what it calls the filter and the place.
        var id = item.Text("sg_message_id", 500) is { } given ? given.Split('.')[0] : null;
        var ours = Ours(item.Text("smtp-id", 1_000));
        if ((ours ?? id) is not { } known)
        {
            return null;
        }

        DeliveryReport? report = type switch
        {
            "delivered" => new(MessageStatus.Delivered, at),
            "open" => new(MessageStatus.Read, at),
            "spamreport" => new(MessageStatus.Delivered, at, "complaint"),
            "bounce" or "dropped" => new(
                MessageStatus.Failed, at, item.Text("status", 50) ?? type, item.Text("reason", 1_000),
                item.Text("type", 50) is "blocked" ? DeliveryFate.Unknown : DeliveryFate.Final),
            _ => null,
        };
        return report is null ? null : new("", known, ours, report, OptedOut: type == "spamreport");
    }

    private static Result<IReadOnlyList<ChannelStatus>> Mailgun(JsonElement? hook, DateTimeOffset now)
    {
        var data = hook.Member("event-data");
        if (data is not { ValueKind: JsonValueKind.Object } || data.Text("event", 50) is not { } type)
        {
            return Invalid.Field("event-data", "is missing: this is not a report of Mailgun's");
        }

        if (Ours(data.Member("message").Member("headers").Text("message-id", 1_000)) is not { } id)
        {
            return Invalid.Field("event-data", "names no message-id");
        }

        var (at, status) = (data.Member("timestamp").Time() ?? now, data.Member("delivery-status"));
        DeliveryReport? report = type switch
        {
            "delivered" => new(MessageStatus.Delivered, at),
            "opened" => new(MessageStatus.Read, at),
            "complained" => new(MessageStatus.Delivered, at, "complaint"),
            // What failed for now is tried again by itself.
            "failed" when data.Text("severity", 50) is not "temporary" => new(
                MessageStatus.Failed, at, status.Text("code", 20) ?? data.Text("reason", 50),
                status.Text("description", 1_000) ?? status.Text("message", 1_000), DeliveryFate.Final),
            _ => null,
        };
        return Reports(report is null ? [] : [new ChannelStatus("", id, id, report, OptedOut: type == "complained")]);
    }

    private static string? Ours(string? messageId) => messageId is null ? null : MailIds.Normalize(messageId);

    private static Result<IReadOnlyList<ChannelStatus>> Reports(ChannelStatus[] reports) => reports;
}
