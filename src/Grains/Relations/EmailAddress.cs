using System.Text.RegularExpressions;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations;

/// <summary>
/// Email addresses as people have them: not all that RFC 5322 allows (quotes, comments, literal IP addresses), and within the
/// lengths of RFC 5321.
/// </summary>
public static partial class EmailAddress
{
    /// <summary>Characters at most.</summary>
    public const int MaxLength = 254;

    private const int MaxLocalLength = 64;

    /// <summary>As it is kept: trimmed, the domain in lower case. The part before the @ is the mail server's to interpret.</summary>
    public static string Normalized(string text)
    {
        var address = PlainText.Tidy(text);
        var at = address.LastIndexOf('@');
        return at < 0 ? address : address[..at] + address[at..].ToLowerInvariant();
    }

    /// <summary>Why it is not one; null where it is.</summary>
    public static string? Fault(string text)
    {
        var address = Normalized(text);
        var at = address.IndexOf('@', StringComparison.Ordinal);
        return address.Length > MaxLength ? $"must be at most {MaxLength} characters"
            : at > MaxLocalLength ? $"must have at most {MaxLocalLength} characters before the @"
            : at < 1 || !Local().IsMatch(address[..at]) || !HostName.IsPublic(address[(at + 1)..]) ? "must be an email address, such as jan@example.nl"
            : null;
    }

    [GeneratedRegex(@"^[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+(\.[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+)*\z")]
    private static partial Regex Local();
}
