using System.Globalization;

namespace ChargeCars.Silo.Replay;

/// <summary>Reads the times and numbers of trace files; the same rules for every format.</summary>
internal static class TraceText
{
    // 10^11 seconds lie in the year 5138 and 10^11 milliseconds in 1973: no recorded trace is on the wrong side of it.
    private const double MillisecondsFrom = 1e11;

    // Beyond any speed, accuracy or elevation on Earth: a column of something else.
    private const double LargestMeasure = 1e6;

    // As many as .NET's time has; some receivers write nanoseconds.
    private const int MostDecimals = 7;

    // Spelled out, because the lenient parser takes "11:35" for today and "3/4/2015" for either day.
    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzz", "yyyy-MM-dd HH:mm:ss.FFFFFFFzz",
        "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK",
    ];

    /// <summary>ISO 8601, or the same with a blank for the T; without a zone it is UTC.</summary>
    public static bool TryTime(string text, out DateTime time) =>
        DateTime.TryParseExact(
            WithoutNanoseconds(text.Trim()), TimeFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>As <see cref="TryTime"/>, and also unix seconds (decimals allowed) or milliseconds.</summary>
    public static bool TryTimeOrUnix(string text, out DateTime time)
    {
        if (TryTime(text, out time)) return true;
        if (!TryNumber(text, out var number)) return false;
        var milliseconds = Math.Abs(number) >= MillisecondsFrom ? number : number * 1000;
        // The bounds of DateTimeOffset.FromUnixTimeMilliseconds; beyond them there is no calendar.
        if (milliseconds is < -62_135_596_800_000 or > 253_402_300_799_999) return false;
        time = DateTime.UnixEpoch.AddTicks((long)(Math.Round(milliseconds, 3) * TimeSpan.TicksPerMillisecond));
        return true;
    }

    public static bool TryLatitude(string text, out double degrees) =>
        TryNumber(text, out degrees) && Math.Abs(degrees) <= 90;

    public static bool TryLongitude(string text, out double degrees) =>
        TryNumber(text, out degrees) && Math.Abs(degrees) <= 180;

    /// <summary>
    /// A speed, accuracy or heading. Nothing, and the "NaN" and the negative number that phones write for "unknown", give NaN.
    /// </summary>
    public static bool TryMeasure(string? text, out float measure)
    {
        measure = float.NaN;
        if (IsUnknown(text)) return true;
        if (!TryNumber(text!, out var number) || Math.Abs(number) > LargestMeasure) return false;
        if (number >= 0) measure = (float)number;
        return true;
    }

    /// <summary>0 up to but without 360: north is written both ways.</summary>
    public static bool TryHeading(string? text, out float degrees)
    {
        if (!TryMeasure(text, out degrees) || degrees > 360) return false;
        if (degrees == 360) degrees = 0;
        return true;
    }

    /// <summary>Metres; below the sea too. Nothing, and "NaN", give NaN.</summary>
    public static bool TryElevation(string text, out float meters)
    {
        meters = float.NaN;
        if (IsUnknown(text)) return true;
        if (!TryNumber(text, out var number) || Math.Abs(number) > LargestMeasure) return false;
        meters = (float)number;
        return true;
    }

    private static bool IsUnknown(string? text) =>
        string.IsNullOrWhiteSpace(text) || text.AsSpan().Trim().Equals("NaN", StringComparison.OrdinalIgnoreCase);

    private static string WithoutNanoseconds(string time)
    {
        var first = time.IndexOf('.', StringComparison.Ordinal) + 1;
        var decimals = first == 0 ? 0 : time.AsSpan(first).IndexOfAnyExceptInRange('0', '9') is >= 0 and var others ? others : time.Length - first;
        return decimals > MostDecimals ? time.Remove(first + MostDecimals, decimals - MostDecimals) : time;
    }

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
