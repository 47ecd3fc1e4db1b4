using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace ChargeCars.Platform.Reading;

/// <summary>Names of files that are safe to store, show and download.</summary>
internal static class FileNames
{
    private const int MaxLength = 150;
    private const int MaxExtension = 20;

    private static readonly FrozenDictionary<string, string> Extensions = new Dictionary<string, string>
    {
        ["image/png"] = ".png", ["image/jpeg"] = ".jpg", ["image/gif"] = ".gif", ["image/webp"] = ".webp", ["image/heic"] = ".heic",
        ["application/pdf"] = ".pdf", ["text/plain"] = ".txt", ["text/html"] = ".html", ["text/csv"] = ".csv", ["text/calendar"] = ".ics",
        ["message/rfc822"] = ".eml", ["application/pkcs7-mime"] = ".p7m", ["application/pkcs7-signature"] = ".p7s",
        ["application/ms-tnef"] = ".dat", ["application/zip"] = ".zip", ["audio/ogg"] = ".ogg", ["audio/mpeg"] = ".mp3", ["video/mp4"] = ".mp4",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Reserved = Enumerable.Range(0, 10).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" })
        .Concat(["CON", "PRN", "AUX", "NUL"]).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The last segment of a path, without control and direction characters and what file systems refuse, bounded with its extension
    /// kept; a name by type and <paramref name="number"/> where nothing is left.
    /// </summary>
    public static string Clean(string? name, string mimeType, int number)
    {
        var clean = new StringBuilder();
        var text = CleanText.Storable(name ?? "");
        foreach (var rune in text[(text.LastIndexOfAny(['/', '\\']) + 1)..].EnumerateRunes())
        {
            // Direction marks and overrides are format characters: "exe.gpj" would be shown for "jpg.exe".
            var isHidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse;
            if (!isHidden)
            {
                clean.Append(rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' ? new Rune('_') : rune);
            }
        }

        var safe = string.Join(' ', clean.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Trim(' ', '.');
        safe = safe.Length == 0 ? $"attachment-{number}{Extensions.GetValueOrDefault(mimeType, ".bin")}" : safe;
        safe = Reserved.Contains(safe.Split('.')[0].TrimEnd()) ? $"_{safe}" : safe;
        return safe.Length > MaxLength ? Shortened(safe) : safe;
    }

    private static string Shortened(string name)
    {
        var dot = name.LastIndexOf('.');
        var extension = dot > 0 && name.Length - dot <= MaxExtension ? name[dot..] : "";
        var length = MaxLength - extension.Length;
        return $"{name[..(char.IsHighSurrogate(name[length - 1]) ? length - 1 : length)].TrimEnd(' ', '.')}{extension}";
    }
}
