using System.Text.Json;

namespace ChargeCars.Api.Telemetry.Trackers;

/// <summary>
/// The newer Traccar Client's way: a location in JSON, or a list of them. Speed is in m/s. Its <c>odometer</c> is what the
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
                JsonValueKind.Object => ReadOne(location, "location", device, source, now, batch),
                JsonValueKind.Array when location.GetArrayLength() > 0 => ReadAll(location, device, source, now, batch),
                _ => new("location", "is required: an object, or a list of them"),
            };
        }
    }

    private static BodyFault? ReadAll(JsonElement locations, string device, string source, DateTimeOffset now, PositionBatch batch)
    {
        var index = 0;
        foreach (var location in locations.EnumerateArray())
        {
            if (ReadOne(location, $"location[{index++}]", device, source, now, batch) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static BodyFault? ReadOne(
        JsonElement location, string field, string device, string source, DateTimeOffset now, PositionBatch batch)
    {
        if (location.ValueKind != JsonValueKind.Object)
        {
            return new(field, "must be an object");
        }

        if (!location.TryTime("timestamp", out var time))
        {
            return new($"{field}.timestamp", "must be a time in ISO 8601, or unix seconds or milliseconds");
        }

        var coordinates = location.Member("coords");
        var report = new TrackerReport
        {
            Key = VehicleKey.OfDevice(device),
            Time = time,
            Latitude = coordinates.Number("latitude"),
            Longitude = coordinates.Number("longitude"),
            SpeedKmh = TrackerReport.FromMetersASecond(coordinates.Number("speed")),
            Heading = coordinates.Number("heading"),
            Accuracy = coordinates.Number("accuracy"),
            Altitude = coordinates.Number("altitude"),
        };
        return batch.TryAdd(report.ToPosition(source, now))
            ? null
            : new("location", $"more than {PositionBatch.MaxPositions} positions in one request");
    }
}
