using System.Globalization;

namespace ChargeCars.Platform.Reading;

/// <summary>Times as foreign systems write them: unix seconds, milliseconds or microseconds, ISO 8601, RFC 1123.</summary>
internal static class LooseTime
{
    // As seconds 1980 and 2106, so that the three units never overlap: a time outside is no time.
    private const long FirstSecond = 315_532_800;
    private const long LastSecond = uint.MaxValue;

    /// <summary>The time of a number; null where it is none, as 0 is.</summary>
    public static DateTimeOffset? Of(decimal unix)
    {
        foreach (var perSecond in (ReadOnlySpan<long>)[1, 1_000, 1_000_000])
        {
            var seconds = unix / perSecond;
            if (seconds is >= FirstSecond and <= LastSecond)
            {
                return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
            }
        }

        return null;
    }

    /// <summary>The time of a text; UTC where it names no offset.</summary>
    public static DateTimeOffset? Of(string? text)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        if (text is null or { Length: > 64 })
        {
            return null;
        }

        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var unix))
        {
            return Of(unix);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time)
            && time.ToUnixTimeSeconds() is >= FirstSecond and <= LastSecond
            ? time
            : null;
    }
}
