using System.Text.Json;

namespace ChargeCars.Api.Fleet.Telemetry.Trackers;

/// <summary>
/// The newer Traccar Client's way: a location in JSON, or a list of them. Speed is in m/s, -1 where it is unknown. Its <c>odometer</c> is what the
/// phone has travelled since the app was installed and no vehicle's count, so it is read past.
/// </summary>
internal static class OsmAndJson
{
    /// <summary>Adds the body's positions to the batch. Null, or why the body is refused as a whole.</summary>
    public static BodyFault? Read(ReadOnlySpan<byte> body, string source, DateTimeOffset now, PositionBatch batch)
    {
        var (document, fault) = TrackerJson.Parse(body);
        if (document is null)
        {
            return fault;
        }

        using (document)
        {
            var device = document.RootElement.Name("device_id");
            if (!TrackerText.IsName(device))
            {
                return new("device_id", $"is required: the tracker's id, text of 1 to {TrackerText.MaxNameLength} characters");
            }

            var location = document.RootElement.Member("location");
            return location.ValueKind switch
            {
                JsonValueKind.Object => ReadOne(location, device, source, now, batch),
                JsonValueKind.Array when location.GetArrayLength() > 0 => ReadAll(location, device, source, now, batch),
                _ => new("location", "is required: an object, or a list of them"),
            };
        }
    }

    private static BodyFault? ReadOne(JsonElement location, string device, string source, DateTimeOffset now, PositionBatch batch)
    {
        var (report, fault) = Read(location, device);
        if (fault is null)
        {
            batch.TryAdd(report.ToPosition(source, now));
        }

        return fault;
    }

    /// <summary>One that can't be read must not keep the others back: the tracker would send all of them again and nothing newer.</summary>
    private static BodyFault? ReadAll(JsonElement locations, string device, string source, DateTimeOffset now, PositionBatch batch)
    {
        foreach (var location in locations.EnumerateArray())
        {
            var (report, fault) = Read(location, device);
            if (!batch.TryAdd(fault is null ? report.ToPosition(source, now) : new() { Fault = $"{fault.Field} {fault.Text}" }))
            {
                return new("location", $"more than {PositionBatch.MaxPositions} positions in one request");
            }
        }

        return null;
    }

    private static (TrackerReport Report, BodyFault? Fault) Read(JsonElement location, string device)
    {
        if (location.ValueKind != JsonValueKind.Object)
        {
            return (default, new("location", "must be an object"));
        }

        if (!location.TryTime("timestamp", out var time))
        {
            return (default, new("location.timestamp", "must be a time in ISO 8601, or unix seconds or milliseconds"));
        }

        var coordinates = location.Member("coords");
        return (new()
        {
            Key = VehicleKey.OfDevice(device),
            Time = time,
            Latitude = coordinates.Number("latitude"),
            Longitude = coordinates.Number("longitude"),
            SpeedKmh = SpeedKmh(location, coordinates),
            Heading = coordinates.Number("heading"),
            Accuracy = coordinates.Number("accuracy"),
            Altitude = coordinates.Number("altitude"),
        }, null);
    }

    // A phone at rest knows no speed, and knows that it is at rest.
    private static double? SpeedKmh(JsonElement location, JsonElement coordinates) => coordinates.Number("speed") switch
    {
        >= 0 and var speed => TrackerReport.FromMetersASecond(speed),
        _ => location.Truth("is_moving") is false ? 0 : null,
    };
}
