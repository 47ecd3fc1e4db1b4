using System.Text.RegularExpressions;

namespace ChargeCars.Conversations.Mail;

/// <summary>Whom the text of a forwarded mail names as its writer. Anybody can write that: it is never verified.</summary>
internal static partial class ForwardedMail
{
    private const int MaxLines = 400;
    private const int MaxLine = 500;

    /// <summary>The first sender that a block of headers in the text names; null where none does.</summary>
    public static MailAddress? Sender(string text)
    {
        var lines = text.Split('\n', MaxLines + 1);
        for (var i = 0; i < Math.Min(lines.Length, MaxLines); i++)
        {
            if (Written(lines[i]) is { } line && From().Match(line) is { Success: true } from && HasHeadersAfter(lines, i)
                && Address().Match(line[from.Length..]) is { Success: true } address)
            {
                var before = line[from.Length..][..address.Index].Replace("mailto:", "", StringComparison.OrdinalIgnoreCase);
                var name = before.Trim(' ', '"', '\'', '<', '[', '(', '*', '\t');
                return new(address.Value.ToLowerInvariant(), name.Length is 0 or > 200 ? null : name);
            }
        }

        return null;
    }

    private static bool HasHeadersAfter(string[] lines, int from) =>
        lines.Skip(from + 1).Take(6).Any(line => Written(line) is { } written && Header().IsMatch(written));

    private static string? Written(string line) => line.Length <= MaxLine ? line.Trim().TrimStart('>', ' ', '*') : null;

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"^(?:van|from|von|de)[*\s]*:[*\s]*", Options)]
    private static partial Regex From();

    [GeneratedRegex(@"^(?:verzonden|verstuurd|datum|sent|date|gesendet|aan|to|an|onderwerp|subject|betreff)[*\s]*:", Options)]
    private static partial Regex Header();

    [GeneratedRegex(@"[a-z0-9._%+'-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}", Options)]
    private static partial Regex Address();
}
