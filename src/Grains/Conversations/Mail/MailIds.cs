using System.Security.Cryptography;
using System.Text;
using ChargeCars.Platform.Reading;
using MimeKit.Utils;

namespace ChargeCars.Conversations.Mail;

/// <summary>
/// The one form of Message-ID, In-Reply-To and References: decoded, without angle brackets and blanks. Null is the id of nothing, and
/// never equals another null.
/// </summary>
internal static class MailIds
{
    /// <summary>More references than this of one mail are not looked for: the oldest go.</summary>
    public const int MaxReferences = 100;

    // An id that is longer than any index takes stands as its hash.
    private const int MaxLength = 500;
    private const int MaxHeader = 64_000;

    /// <summary>One id; null where there is none.</summary>
    public static string? Normalize(string? id) => List(id) is [var first, ..] ? first : null;

    /// <summary>Every id of a header, in its order, each once.</summary>
    public static IReadOnlyList<string> List(string? header)
    {
        if (string.IsNullOrWhiteSpace(header))
        {
            return [];
        }

        var text = Decoded(header.Length > MaxHeader ? header[^MaxHeader..] : header);
        var ids = text.Contains('<', StringComparison.Ordinal)
            ? Bracketed(text)
            : text.Split((char[])[' ', '\t', '\r', '\n', ','], StringSplitOptions.RemoveEmptyEntries);
        return [.. ids.Select(Clean).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    /// <summary>
    /// The ids that a mail refers to in the order of the search: In-Reply-To, then References from the newest. A mail that names itself
    /// is no answer to itself.
    /// </summary>
    public static IReadOnlyList<string> ReferencesOf(string? ownId, string? inReplyTo, string? references) =>
    [
        .. List(inReplyTo).Concat(List(references).Reverse())
            .Where(id => id != ownId).Distinct(StringComparer.Ordinal).Take(MaxReferences),
    ];

    /// <summary>The ids by which a service may have told us of a mail that it sent under a given one: Amazon SES leaves its domain out.</summary>
    public static IReadOnlyList<string> OfProvider(string id) =>
        id.LastIndexOf('@') is > 0 and var at && (id[at..].EndsWith(".amazonses.com", StringComparison.OrdinalIgnoreCase) || id[at..].Equals("@amazonses.com", StringComparison.OrdinalIgnoreCase))
            ? [id, id[..at]]
            : [id];

    /// <summary>What stands for the id of a mail without one, so that copies that came by other routes meet.</summary>
    public static string OfContent(string? from, IEnumerable<string> to, DateTimeOffset? date, string? subject, string? body) => string.Concat(
        "content.", Hash(string.Join('\n', [
            Lower(from), string.Join(',', to.Select(Lower).Order(StringComparer.Ordinal)),
            date?.ToUniversalTime().ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture) ?? "", Squeezed(subject), Squeezed(body),
        ])));

    /// <summary>What tells two mails of one id apart: sender and body, however often they were wrapped anew.</summary>
    public static string ContentHash(string? from, string? body) => Hash($"{Lower(from)}\n{Squeezed(body)}");

    private static IEnumerable<string> Bracketed(string text)
    {
        for (var at = text.IndexOf('<', StringComparison.Ordinal); at >= 0; at = text.IndexOf('<', at))
        {
            var end = text.IndexOf('>', at);
            end = end < 0 ? text.Length : end;
            yield return text[(at + 1)..end];
            at = end;
        }
    }

    private static string? Clean(string id)
    {
        var clean = CleanText.Of(string.Concat(id.Where(c => !char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('<' or '>'))), int.MaxValue);
        return clean is { Length: > MaxLength } ? $"long.{Hash(clean)}" : clean;
    }

    private static string Decoded(string header)
    {
        if (!header.Contains("=?", StringComparison.Ordinal))
        {
            return header;
        }

        try
        {
            return Rfc2047.DecodeText(Encoding.UTF8.GetBytes(header));
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or NotSupportedException)
        {
            return header;
        }
    }

    private static string Lower(string? text) => (text ?? "").Trim().ToLowerInvariant();

    private static string Squeezed(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CleanText.Storable(text))))[..40];
}
