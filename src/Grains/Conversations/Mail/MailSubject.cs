using System.Text.RegularExpressions;

namespace ChargeCars.Conversations.Mail;

/// <summary>What a subject says beside its words: answer, forward, order number.</summary>
internal static partial class MailSubject
{
    private const int MaxLength = 1_000;
    private const int MaxPrefixes = 20;

    /// <summary>The subject without the prefixes of answers and forwards, and with single blanks.</summary>
    public static string Base(string? subject)
    {
        var text = Squeezed(subject);
        for (var i = 0; i < MaxPrefixes && Prefix().Match(text) is { Success: true } prefix; i++)
        {
            text = text[prefix.Length..].TrimStart();
        }

        return text;
    }

    /// <summary>Whether two subjects are of one conversation; a missing one is of any.</summary>
    public static bool IsSame(string? one, string? other) =>
        Base(one) is var left && Base(other) is var right
        && (left.Length == 0 || right.Length == 0 || left.Equals(right, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether its outermost prefix is that of a forward.</summary>
    public static bool IsForward(string? subject) => ForwardPrefix().IsMatch(Squeezed(subject));

    /// <summary>Numbers of ours that it names, such as <c>CC-ORD-2026-00042</c>: a suggestion, never a reason to join a thread.</summary>
    public static IReadOnlyList<string> Numbers(string? subject) =>
        [.. Number().Matches(Squeezed(subject)).Select(match => match.Value.ToUpperInvariant()).Distinct().Take(5)];

    private static string Squeezed(string? subject)
    {
        var text = subject is { Length: > MaxLength } ? subject[..MaxLength] : subject ?? "";
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"^(?:re|fwd?|antw|betr|aw|wg|sv|vs|rv|tr|doorst|doorgestuurd)(?:\s?[\[(]?\d{1,3}[\])]?)?\s?:", Options)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^(?:fwd?|wg|tr|rv|doorst|doorgestuurd)\s?:", Options)]
    private static partial Regex ForwardPrefix();

    [GeneratedRegex(@"\b[a-z]{2,5}-(?:ord|quo|inv|vis)-\d{4}-\d{5,9}\b", Options)]
    private static partial Regex Number();
}
