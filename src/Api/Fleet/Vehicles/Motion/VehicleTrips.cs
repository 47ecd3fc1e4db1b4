using System.Buffers.Text;
using System.Globalization;
using System.Text;
using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Motion;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Fleet.Vehicles.Motion;

/// <summary>One vehicle's trips and stops, page by page: a span may be as long as it likes.</summary>
internal static class VehicleTrips
{
    public static async Task<IResult> ListAsync(
        Guid id, HttpContext http, VehicleDirectory directory, IGrainFactory grains, TripHistory trips, TimeProvider time, CancellationToken cancellation)
    {
        var parameters = QueryParameters.Of(http);
        var (start, end) = TimeSpanQuery.Read(parameters, time.GetUtcNow());
        var count = parameters.Limit();
        var after = parameters.Value("cursor", TimeOf, "is not a nextCursor of this list");
        if (parameters.Refusal is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (!await directory.ExistsAsync(id, cancellation))
        {
            return TelemetryProblems.NotFound(id);
        }

        await grains.GetGrain<IVehicleGrain>(id).SettleAsync();
        // One more than asked for says whether there is a next page.
        var found = await trips.ReadAsync(id, start, end, after, count + 1, cancellation);
        return Results.Ok(new Page([.. found.Take(count)], found.Count > count ? CursorOf(found[count - 1]) : null));
    }

    private static string CursorOf(VehicleTrip last) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(last.StartedAt.Ticks.ToString(CultureInfo.InvariantCulture)));

    private static DateTimeOffset? TimeOf(string cursor) =>
        cursor.Length <= 100 && Base64Url.IsValid(cursor)
        && long.TryParse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
        && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    internal sealed record Page(IReadOnlyList<VehicleTrip> Items, string? NextCursor);
}
