using System.Globalization;

namespace ChargeCars.Api.Fleet.Telemetry.Trackers;

/// <summary>Values as trackers write them in text, in every form that is about.</summary>
internal static class TrackerText
{
    /// <summary>Longer than any tracker's id; a longer one is nobody's.</summary>
    public const int MaxNameLength = 200;

    /// <summary>
    /// Unix seconds below, milliseconds from here: as seconds it is the year 2038, as milliseconds January 1970. The
    /// bound of Traccar, so that a tracker means the same here and there.
    /// </summary>
    private const decimal FirstMilliseconds = int.MaxValue;

    // A tracker whose clock is far off is judged as any other; beyond this a time is no time.
    private const decimal MaxMilliseconds = 253_402_300_799_000;

    /// <summary>Of a second's fraction, those that a time can have here.</summary>
    private const int FractionDigits = 7;

    private static readonly string[] Times =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyyMMdd'T'HHmmssK",
    ];

    /// <summary>Unix seconds or milliseconds, ISO 8601, or <c>yyyy-MM-dd HH:mm:ss</c>; UTC where no offset says otherwise.</summary>
    public static bool TryTime(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var unix))
        {
            var milliseconds = unix < FirstMilliseconds ? unix * 1000 : unix;
            if (Math.Abs(unix) > MaxMilliseconds || Math.Abs(milliseconds) > MaxMilliseconds || milliseconds < -62_135_596_800_000)
            {
                return false;
            }

            time = DateTimeOffset.UnixEpoch.AddTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));
            return true;
        }

        return TryDate(text, out time)
            // The + of an offset arrives as a space where the sender did not escape it.
            || (text.LastIndexOf(' ') is > 10 and var space && TryDate($"{text[..space]}+{text[(space + 1)..]}", out time));
    }

    private static bool TryDate(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (text.IndexOf('.') is >= 0 and var point)
        {
            // Java writes nanoseconds.
            var digits = text[(point + 1)..].IndexOfAnyExceptInRange('0', '9');
            digits = digits < 0 ? text.Length - point - 1 : digits;
            if (digits > FractionDigits)
            {
                text = $"{text[..(point + 1 + FractionDigits)]}{text[(point + 1 + digits)..]}";
            }
        }

        return DateTimeOffset.TryParseExact(text, Times, CultureInfo.InvariantCulture, Utc, out time);
    }

    /// <summary>A number, which may also be NaN or infinite; null where it is none.</summary>
    public static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool? Truth(ReadOnlySpan<char> text) =>
        text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
        : text is "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
        : null;

    /// <summary>Whether a tracker's id can be looked for; the database knows neither U+0000 nor half a surrogate pair.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= MaxNameLength && StorableText.Fault(text) is null;
}
