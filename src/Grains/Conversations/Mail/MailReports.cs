using ChargeCars.Platform.Reading;
using MimeKit;

namespace ChargeCars.Conversations.Mail;

/// <summary>Reports of mail servers, and the messages that they return.</summary>
internal static class MailReports
{
    // Of several recipients the worst counts: it is the one that a person must know of.
    private static readonly string[] WorstFirst = ["failed", "delayed", "relayed", "expanded", "delivered"];

    /// <summary>The report; null where it names no recipient.</summary>
    public static BounceReport? Read(MessageDeliveryStatus status) => status.StatusGroups.Take(100)
        .Where(group => group.Contains("Action") || group.Contains("Final-Recipient"))
        .Select(group => new BounceReport(
            CleanText.Of(group["Action"], 20)?.ToLowerInvariant(), Recipient(group["Original-Recipient"] ?? group["Final-Recipient"]),
            CleanText.Of(group["Status"], 50), CleanText.Of(group["Diagnostic-Code"], 1_000), null))
        .OrderBy(report => Array.IndexOf(WorstFirst, report.Action) is >= 0 and var rank ? rank : WorstFirst.Length)
        .FirstOrDefault();

    /// <summary>The id of a message that came back whole.</summary>
    public static BounceReport Returned(MessagePart enclosed) => new(null, null, null, null, MailIds.Normalize(enclosed.Message?.Headers["Message-ID"]));

    /// <summary>The id of a message of which only the headers came back.</summary>
    public static BounceReport Returned(byte[] headers)
    {
        using var stream = new MemoryStream(headers);
        return new(null, null, null, null, MailIds.Normalize(HeaderList.Load(stream)["Message-ID"]));
    }

    /// <summary>What two parts of a report say together; the first wins.</summary>
    public static BounceReport? Join(BounceReport? one, BounceReport? other) => one is null || other is null
        ? one ?? other
        : new(
            one.Action ?? other.Action, one.Recipient ?? other.Recipient, one.Status ?? other.Status, one.Diagnostic ?? other.Diagnostic,
            one.OriginalMessageId ?? other.OriginalMessageId);

    // "rfc822; somebody@example.nl"
    private static string? Recipient(string? header) =>
        CleanText.Of(header?[(header.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim().Trim('<', '>'), 320)?.ToLowerInvariant();
}
