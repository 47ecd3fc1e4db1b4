namespace ChargeCars;

/// <summary>What text PostgreSQL can keep: whole Unicode characters, and no U+0000.</summary>
public static class StorableText
{
    /// <summary>Why the text can't be kept, to follow the field's name; null where it can.</summary>
    public static string? Fault(ReadOnlySpan<char> text) =>
        text.Contains('\0') ? "must not contain the character U+0000"
        : IsWhole(text) ? null
        : "must be whole Unicode text: it holds half of a surrogate pair";

    /// <summary>The beginning of a text, at most so many UTF-16 units long, without half a character at its end.</summary>
    public static string Cut(string text, int longest) =>
        text.Length <= longest ? text
        : char.IsHighSurrogate(text[longest - 1]) && char.IsLowSurrogate(text[longest]) ? text[..(longest - 1)]
        : text[..longest];

    private static bool IsWhole(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
