using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>One vehicle's fixes, read back page by page.</summary>
internal static class VehiclePositions
{
    public static async Task<IResult> ListAsync(
        Guid id, HttpContext http, VehicleDirectory directory, PositionHistory history, TimeProvider time, CancellationToken cancellation)
    {
        var parameters = QueryParameters.Of(http);
        var (start, end) = TimeSpanQuery.Read(parameters, time.GetUtcNow());
        var count = parameters.Limit();
        var after = parameters.Value("cursor", KeyOf, "is not a nextCursor of this list");
        if (parameters.Refusal is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (!await directory.ExistsAsync(id, cancellation))
        {
            return TelemetryProblems.NotFound(id);
        }

        // One more than asked for says whether there is a next page.
        var fixes = await history.ReadAsync(id, start, end, after, count + 1, cancellation);
        return Results.Ok(new Page(
            [.. fixes.Take(count).Select(Item.Of)], fixes.Count > count ? CursorOf(fixes[count - 1].Fix) : null));
    }

    private static string CursorOf(in PositionFix last) => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{last.FixTime.UtcTicks} {last.Source}")));

    private static FixKey? KeyOf(string cursor)
    {
        if (cursor.Length > 500 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(' ', 2);
        return parts.Length == 2 && StorableText.Fault(parts[1]) is null
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
                ? new(new DateTimeOffset(ticks, TimeSpan.Zero), parts[1])
                : null;
    }

    internal sealed record Page(IReadOnlyList<Item> Items, string? NextCursor);

    /// <summary>The fields of the format in which positions come, and what was added: times are UTC and end with Z.</summary>
    internal sealed record Item(
        DateTime FixTime, double Latitude, double Longitude, double? AccuracyMeters, double? SpeedKmh, double? HeadingDegrees,
        double? AltitudeMeters, double? OdometerKm, bool? Ignition, string Source, DateTime ReceivedAt)
    {
        public static Item Of(RecordedFix recorded) => new(
            recorded.Fix.FixTime.UtcDateTime, recorded.Fix.Latitude, recorded.Fix.Longitude, recorded.Fix.AccuracyMeters,
            recorded.Fix.SpeedKmh, recorded.Fix.HeadingDegrees, recorded.Fix.AltitudeMeters, recorded.Fix.OdometerKm,
            recorded.Fix.Ignition, recorded.Fix.Source, recorded.ReceivedAt.UtcDateTime);
    }
}
