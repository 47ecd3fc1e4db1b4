using System.Text.RegularExpressions;

namespace ChargeCars.Conversations.Mail;

/// <summary>What mail programs and people write around quotes and signatures, in Dutch and English above all. Each takes linear time.</summary>
internal static partial class QuoteMarks
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>A line that parts a mail from the one it passes on or answers.</summary>
    [GeneratedRegex(
        @"^[-_*\s]*(?:original message|oorspronkelijk(?:e)? bericht|forwarded message|doorgestuurd bericht|begin forwarded message|"
        + @"begin doorgestuurd bericht|originele bericht)[-_*\s:]*$|^_{20,}$", Options)]
    public static partial Regex Divider();

    /// <summary>A line that may begin an attribution; the rest may stand on the next ones.</summary>
    [GeneratedRegex(@"^(?:op|on|am|le|el|il|in)\s|schreef|wrote|heeft|^\S.*<\S+@\S+>", Options)]
    public static partial Regex AttributionStart();

    /// <summary>Who wrote what is quoted, on one line.</summary>
    [GeneratedRegex(
        @"^(?:op\s.*\sschreef\b.*:|on\s.*\swrote:|.*\sheeft\s.*\sgeschreven:|am\s.*\sschrieb\b.*:|le\s.*\sa écrit\s?:|"
        + @".*<\S+@\S+>\s(?:schreef|wrote)\b.*:)$", Options)]
    public static partial Regex Attribution();

    /// <summary>The first line of a block of headers.</summary>
    [GeneratedRegex(@"^[*\s]*(?:van|from|von|de)[*\s]*:", Options)]
    public static partial Regex FromLine();

    /// <summary>Another line of such a block.</summary>
    [GeneratedRegex(@"^[*\s]*(?:verzonden|verstuurd|datum|sent|date|gesendet|aan|to|an|cc|onderwerp|subject|betreff)[*\s]*:", Options)]
    public static partial Regex HeaderLine();

    /// <summary>The words that end a letter, with a name perhaps.</summary>
    [GeneratedRegex(
        @"^(?:met (?:vriendelijke|hartelijke) groet(?:en)?|(?:vriendelijke|hartelijke) groet(?:en)?|m\.?v\.?g\.?|groet(?:en|jes)?|"
        + @"kind regards|best regards|warm regards|regards|cheers|mit freundlichen gr(?:ü|ue)(?:ß|ss)en)[,.!]?(?:\s\S{1,40}){0,3}$", Options)]
    public static partial Regex Greeting();

    /// <summary>What phones and programs write below a mail.</summary>
    [GeneratedRegex(
        @"^(?:verstuurd vanaf|verzonden vanaf|verzonden vanuit|verstuurd met|sent from|verzonden met|get outlook for|outlook voor|"
        + @"download outlook)\b", Options)]
    public static partial Regex SentFrom();

    /// <summary>What is still to be read below a signature.</summary>
    [GeneratedRegex(@"^p\.?s\.?\b", Options)]
    public static partial Regex Postscript();
}
