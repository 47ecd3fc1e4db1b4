using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Fleet.Telemetry;

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

    private static IResult BadTime(string field) => TelemetryProblems.Invalid(field, $"must be {WireTime.Expected}");

    private static bool TryTime(string? text, DateTimeOffset otherwise, out DateTimeOffset time)
    {
        time = otherwise;
        return text is null || WireTime.TryParse(text, out time);
    }
}
