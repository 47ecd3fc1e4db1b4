using System.Text;
using System.Text.Json;
using ChargeCars.Conversations.Mail;
using ChargeCars.Conversations.Messages;
using ChargeCars.Conversations.Providers;
using ChargeCars.Platform.Reading;

namespace ChargeCars.Conversations.Hooks;

/// <summary>What a notification of Amazon SNS comes to.</summary>
internal abstract record SesReading;

/// <summary>A mail, byte for byte.</summary>
internal sealed record SesMail(ReadOnlyMemory<byte> Mail) : SesReading;

/// <summary>A mail that lies in a bucket, to be fetched.</summary>
internal sealed record SesStoredMail(string Bucket, string Key) : SesReading;

/// <summary>What became of a message of ours; one for each recipient.</summary>
internal sealed record SesStatuses(IReadOnlyList<ChannelStatus> Statuses) : SesReading;

/// <summary>The topic asks to be confirmed, by a GET of this address: only of a topic that is configured, and only of Amazon's own.</summary>
internal sealed record SesSubscription(Uri Address) : SesReading;

/// <summary>Nothing to do.</summary>
internal sealed record SesNothing : SesReading;

/// <summary>Amazon SES through SNS: an envelope whose <c>Message</c> is JSON in a string.</summary>
internal static class SesHook
{
    /// <summary>Reads a notification; refused where its topic is not one of ours.</summary>
    /// <param name="body">As received.</param>
    /// <param name="topics">The topics that are configured; null where that was looked at when it came.</param>
    /// <param name="now">UTC; of reports without a time.</param>
    public static Result<SesReading> Read(ReadOnlyMemory<byte> body, IReadOnlyCollection<string>? topics, DateTimeOffset now)
    {
        if (LooseJson.Parse(body) is not { ValueKind: JsonValueKind.Object } envelope || envelope.Text("Type", 50) is not { } type)
        {
            return Invalid.Field("Type", "is missing: this is not a notification of Amazon SNS");
        }

        if (envelope.Text("TopicArn", 500) is not { } topic || topics?.Contains(topic) is false)
        {
            return Invalid.Field("TopicArn", "is not a topic that is configured");
        }

        return type switch
        {
            "SubscriptionConfirmation" when Uri.TryCreate(envelope.Text("SubscribeURL"), UriKind.Absolute, out var address) && IsAmazons(address) =>
                new SesSubscription(address),
            "SubscriptionConfirmation" => Invalid.Field("SubscribeURL", "must be an address of Amazon SNS"),
            "Notification" => Notification(envelope, now),
            _ => new SesNothing(),
        };
    }

    private static bool IsAmazons(Uri address) =>
        address is { Scheme: "https", IsDefaultPort: true, UserInfo: "" }
        && address.Host.StartsWith("sns.", StringComparison.Ordinal) && address.Host.EndsWith(".amazonaws.com", StringComparison.Ordinal);

    private static Result<SesReading> Notification(JsonElement envelope, DateTimeOffset now)
    {
        if (envelope.Member("Message") is not { ValueKind: JsonValueKind.String } text
            || LooseJson.Raw(text) is not { } json || LooseJson.Parse(Encoding.UTF8.GetBytes(json)) is not { ValueKind: JsonValueKind.Object } message)
        {
            return Invalid.Field("Message", "must be JSON in a string");
        }

        return (message.Text("notificationType", 50) ?? message.Text("eventType", 50)) switch
        {
            "Received" => Received(message),
            "Delivery" => Statuses(message, "delivery", "recipients", MessageStatus.Delivered, now),
            "Bounce" => Statuses(message, "bounce", "bouncedRecipients", MessageStatus.Failed, now),
            "Reject" => Statuses(message, "reject", "recipients", MessageStatus.Failed, now),
            "Open" => Statuses(message, "open", "recipients", MessageStatus.Read, now),
            "Complaint" => Statuses(message, "complaint", "complainedRecipients", MessageStatus.Delivered, now),
            _ => new SesNothing(),
        };
    }

    private static SesReading Received(JsonElement message)
    {
        var action = message.Member("receipt").Member("action");
        if (message.Member("content") is { ValueKind: JsonValueKind.String } content)
        {
            var isBase64 = action.Text("encoding", 20)?.Equals("BASE64", StringComparison.OrdinalIgnoreCase) ?? false;
            return new SesMail(isBase64 && content.TryGetBytesFromBase64(out var bytes) ? bytes : Encoding.UTF8.GetBytes(LooseJson.Raw(content) ?? ""));
        }

        return action.Text("bucketName", 200) is { } bucket && action.Text("objectKey", 1_100) is { } key ? new SesStoredMail(bucket, key) : new SesNothing();
    }

    private static SesStatuses Statuses(JsonElement message, string part, string list, MessageStatus status, DateTimeOffset now)
    {
        var (mail, told) = (message.Member("mail"), message.Member(part));
        var isTransient = told.Text("bounceType", 50) is "Transient";
        var at = told.Member("timestamp").Time() ?? now;
        var isComplaint = part == "complaint";
        ChannelStatus[] statuses = mail.Text("messageId", 500) is not { } id ? [] :
        [
            .. told.Member(list).Items().DefaultIfEmpty().Select(recipient => new ChannelStatus(
                mail.Text("source", 500) ?? "", id, OurId(mail),
                new(
                    status, at,
                    recipient.Text("status", 50) ?? told.Text("bounceSubType", 100),
                    recipient.Text("diagnosticCode", 1_000) ?? told.Text("reason", 1_000) ?? told.Text("complaintFeedbackType", 100),
                    status != MessageStatus.Failed ? DeliveryFate.Unknown : isTransient ? DeliveryFate.Again : DeliveryFate.Final),
                OptedOut: isComplaint)),
        ];
        return new(statuses);
    }

    // The Message-ID that we gave it, which SES replaced.
    private static string? OurId(JsonElement? mail) => mail.Member("headers").Items()
        .Where(header => header.Text("name", 100)?.Equals("Message-ID", StringComparison.OrdinalIgnoreCase) ?? false)
        .Select(header => MailIds.Normalize(header.Text("value", 1_000))).FirstOrDefault();
}
