using System.Text;

namespace ChargeCars.Platform.Reading;

/// <summary>Foreign text made storable: nothing of it is refused, what PostgreSQL can't keep is left out or replaced.</summary>
internal static class CleanText
{
    /// <summary>Null for null, empty and blank text; trimmed, and cut to <paramref name="max"/> UTF-16 units without splitting a pair.</summary>
    public static string? Of(string? text, int max = 2_000)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var clean = StorableText.Cut(Storable(text).Trim(), max).TrimEnd();
        return clean.Length == 0 ? null : clean;
    }

    /// <summary>The same text without U+0000, and with U+FFFD for half a surrogate pair; blanks and line ends stay.</summary>
    public static string Storable(string text)
    {
        if (StorableText.Fault(text) is null)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != 0)
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }
}
