using System.Buffers;
using System.Globalization;
using System.Text;
using ADRaffy.ENSNormalize;

namespace ChargeCars.Platform.Entities;

/// <summary>How names and free text are kept: trimmed, in Unicode's composed form (NFC), and without characters that deceive a reader.</summary>
public static class PlainText
{
    // Text of these only is composed already: Latin, common punctuation and currencies, emoji with their selectors.
    private static readonly SearchValues<char> NeverDecomposed = SearchValues.Create(
        [.. Span('\u0000', '\u02FF'), .. Span('\u2002', '\u20CF'), .. Span('\uD83C', '\uD83E'), .. Span('\uDC00', '\uDFFF'), .. Span('\uFE00', '\uFE0F')]);

    /// <summary>A single line as it is kept: trimmed and composed. The same instance where it is so already.</summary>
    public static string Tidy(string text) => Composed(text).Trim();

    /// <summary>The same for an optional field, where blank means none.</summary>
    public static string? TidyOrNull(string? text) => IsBlank(text) ? null : Tidy(text!);

    /// <summary>Text of several lines as it is kept: trimmed, composed, with <c>\n</c> as the only line break.</summary>
    public static string TidyLines(string text) => Tidy(text.ReplaceLineEndings("\n"));

    /// <summary>The same for an optional field, where blank means none.</summary>
    public static string? TidyLinesOrNull(string? text) => IsBlank(text) ? null : TidyLines(text!);

    /// <summary>Whether a reader would see nothing: no text, or only spaces and invisible characters.</summary>
    public static bool IsBlank(string? text)
    {
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Its length in code points, as PostgreSQL counts characters.</summary>
    public static int Length(string text)
    {
        var length = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            length -= char.IsSurrogatePair(text[i - 1], text[i]) ? 1 : 0;
        }

        return length;
    }

    /// <summary>Why a single line can't be kept; null where it can.</summary>
    public static string? Fault(string text) => Fault(text, linesAllowed: false);

    /// <summary>Why text of several lines can't be kept; null where it can. Line breaks and tabs are allowed.</summary>
    public static string? FaultOfLines(string text) => Fault(text, linesAllowed: true);

    private static string? Fault(string text, bool linesAllowed)
    {
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\t' or '\n' or '\r' when linesAllowed:
                    break;
                case '\n' or '\r' or '\u0085' or '\u2028' or '\u2029':
                    return linesAllowed ? $"must not contain {Code(text[i])}: break lines with \\n" : "must be a single line";
                case var character when char.IsControl(character):
                    return $"must not contain the control character {Code(character)}";
                // Marks, embeddings, overrides and isolates: they show text in another order than the one it is stored in.
                case (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C':
                    return $"must not contain {Code(text[i])}, which changes the direction of writing";
                case var character when char.IsHighSurrogate(character) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]):
                    i++;
                    break;
                case var character when char.IsSurrogate(character):
                    return $"must be whole Unicode text: {Code(character)} is half of a character";
            }
        }

        return null;
    }

    // With InvariantGlobalization, which spares a host from needing ICU, string.Normalize returns its input. The library's tables take
    // 15 MB once they are loaded, so text that is surely composed does not touch them.
    private static string Composed(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(NeverDecomposed))
        {
            return text;
        }

        var composed = ENSNormalize.NF.NFC(text);
        return composed == text ? text : composed;
    }

    private static string Code(char character) => string.Create(CultureInfo.InvariantCulture, $"U+{(int)character:X4}");

    private static IEnumerable<char> Span(char first, char last) => Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
