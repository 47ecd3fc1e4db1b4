using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Telemetry;

/// <summary>The <c>from</c> and <c>to</c> of a read of the past; by default the last 24 hours.</summary>
internal static class TimeSpanQuery
{
    /// <summary>Null where the two are a span; else the answer that names what is wrong.</summary>
    public static IResult? Read(string? from, string? to, DateTimeOffset now, out DateTimeOffset start, out DateTimeOffset end)
    {
        start = default;
        return !TryTime(to, now, out end) ? BadTime("to")
            : !TryTime(from, (to is null ? now : end).AddDays(-1), out start) ? BadTime("from")
            : start > end ? TelemetryProblems.Invalid("from", "must not be after to")
            : null;
    }

    private static IResult BadTime(string field) =>
        TelemetryProblems.Invalid(field, "must be a time in ISO 8601 with Z or an offset, such as 2026-01-31T08:30:00Z");

    private static bool TryTime(string? text, DateTimeOffset otherwise, out DateTimeOffset time)
    {
        time = otherwise;
        // An unescaped + of an offset arrives as a space.
        return text is null
            || (DateTimeOffset.TryParseExact(
                text.Replace(' ', '+'), ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"], CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time)
            && time.Year is > 1 and < 9999);
    }
}
