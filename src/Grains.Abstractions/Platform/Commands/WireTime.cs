using System.Globalization;

namespace ChargeCars;

/// <summary>Times in a query string: ISO 8601 with Z or an offset.</summary>
public static class WireTime
{
    /// <summary>What a time must be, for the reader of a refusal.</summary>
    public const string Expected = "a time in ISO 8601 with Z or an offset, such as 2026-01-31T08:30:00Z";

    /// <summary>Reads a time; false for anything else.</summary>
    public static bool TryParse(string text, out DateTimeOffset time) =>
        // An unescaped + of an offset arrives as a space.
        DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'), ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time)
        && time.Year is > 1 and < 9999;
}
