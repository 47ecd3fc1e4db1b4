using System.Text.Json;
using ChargeCars.Api.Fleet.Telemetry.Trackers;

namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>A vehicle as ULU lists it.</summary>
/// <param name="Id">ULU's id: <c>vehicle.ulu_vehicle_id</c>.</param>
/// <param name="HeartbeatAt">When it last reported; null where ULU doesn't say.</param>
/// <param name="Latest">Where it was then; without a time where there is no heartbeat.</param>
internal sealed record UluVehicle(string Id, DateTimeOffset? HeartbeatAt, TrackerReport Latest);

/// <summary>A trip as ULU lists it.</summary>
/// <param name="Id">ULU's id.</param>
/// <param name="Privacy">What the driver calls it; empty for nothing.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="StoppedAt">When it ended; null while it goes on.</param>
internal sealed record UluTrip(string Id, string Privacy, DateTimeOffset StartedAt, DateTimeOffset? StoppedAt);

/// <summary>Some of a trip's points.</summary>
/// <param name="Points">In the order in which ULU has them.</param>
/// <param name="HasMore">Whether there is a next page.</param>
internal sealed record UluPage(IReadOnlyList<TrackerReport> Points, bool HasMore);

/// <summary>Reads ULU's JSON item by item: one that can't be read is left out, not the others.</summary>
internal static class UluMessages
{
    /// <summary>The session's token; empty where the answer has none.</summary>
    public static string Token(JsonElement answer)
    {
        var token = answer.Member("access_token");
        return token.ValueKind == JsonValueKind.Object ? token.Name("access_token")
            : token.ValueKind == JsonValueKind.String ? answer.Name("access_token")
            : answer.Name("token");
    }

    public static List<UluVehicle> Vehicles(JsonElement answer) => Read(answer.Member("vehicles"), Vehicle);

    public static List<UluTrip> Trips(JsonElement answer) => Read(answer.Member("trips"), Trip);

    /// <summary>Where the answer does not say whether there is a next page there may be one: ULU may send fewer points than were asked for.</summary>
    public static UluPage Points(JsonElement answer, string vehicleId, int page)
    {
        var items = answer.Member("trip_points");
        var count = items.ValueKind == JsonValueKind.Array ? items.GetArrayLength() : 0;
        var hasMore = answer.Truth("has_more") ?? (answer.Number("total_pages") is not { } pages || (answer.Number("current_page") ?? page) < pages);
        return new(Read(items, item => Point(item, vehicleId)), hasMore && count > 0);
    }

    private static List<T> Read<T>(JsonElement items, Func<JsonElement, T?> read) where T : class =>
        items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray().Select(read).OfType<T>()] : [];

    private static List<TrackerReport> Read(JsonElement items, Func<JsonElement, TrackerReport?> read) =>
        items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray().Select(read).OfType<TrackerReport>()] : [];

    private static UluVehicle? Vehicle(JsonElement item)
    {
        var id = item.Name("id");
        if (!TrackerText.IsName(id) || !item.TryTime("heartbeat_at", out var heartbeat))
        {
            return null;
        }

        return new(id, heartbeat, Report(item, id) with
        {
            Time = heartbeat,
            OdometerMeters = item.Number("odometer"),
            Ignition = item.Truth("engine_state"),
        });
    }

    private static UluTrip? Trip(JsonElement item)
    {
        var id = item.Name("id");
        return TrackerText.IsName(id)
            && Time(item, "utc_start_at", "start_at") is { } startedAt
            && (item.TryTime("utc_stop_at", out var stoppedAt) && (stoppedAt is not null || item.TryTime("stop_at", out stoppedAt)))
            && item.Member("deleted_at").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
                ? new(id, Privacy(item.Member("privacy")), startedAt, stoppedAt)
                : null;
    }

    private static TrackerReport? Point(JsonElement item, string vehicleId) =>
        Time(item, "device_created_at", "created_at") is { } time ? Report(item, vehicleId) with { Time = time } : null;

    private static TrackerReport Report(JsonElement item, string vehicleId) => new()
    {
        Key = VehicleKey.OfUlu(vehicleId),
        Latitude = item.Number("lat"),
        Longitude = item.Number("lon"),
        SpeedKmh = item.Number("speed"),
    };

    // Whatever stands there and is no word of theirs is called private.
    private static string Privacy(JsonElement privacy) => privacy.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False => "",
        JsonValueKind.String when TrackerJson.WholeText(privacy) is { } word => word.Trim().ToLowerInvariant(),
        _ => "private",
    };

    private static DateTimeOffset? Time(JsonElement item, string first, string second) =>
        item.TryTime(first, out var time) && (time is not null || item.TryTime(second, out time)) ? time : null;
}
