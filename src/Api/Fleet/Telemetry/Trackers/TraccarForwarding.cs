namespace ChargeCars.Api.Fleet.Telemetry.Trackers;

/// <summary>
/// A position as a Traccar server forwards it (<c>forward.type=json</c>). Speed is in knots. <c>position.id</c> is always
/// 0 there, so a position is known by the tracker's <c>uniqueId</c> and its <c>fixTime</c>.
/// </summary>
internal static class TraccarForwarding
{
    /// <summary>Adds the body's position to the batch. Null, or why the body is refused.</summary>
    public static BodyFault? Read(ReadOnlySpan<byte> body, string source, DateTimeOffset now, PositionBatch batch)
    {
        var (document, fault) = TrackerJson.Parse(body);
        if (document is null)
        {
            return fault;
        }

        using (document)
        {
            var device = document.RootElement.Member("device").Name("uniqueId");
            if (!TrackerText.IsName(device))
            {
                return new("device.uniqueId", $"is required: the tracker's id, text of 1 to {TrackerText.MaxNameLength} characters");
            }

            var position = document.RootElement.Member("position");
            if (position.ValueKind != System.Text.Json.JsonValueKind.Object)
            {
                return new("position", "is required: an object");
            }

            if (!position.TryTime("fixTime", out var time) || time is null)
            {
                return new("position.fixTime", "is required: a time in ISO 8601, or unix milliseconds");
            }

            // An outdated position repeats the last fix under a newer report: its place and time are that fix's, its
            // attributes are not.
            var attributes = position.Truth("outdated") is true ? default : position.Member("attributes");
            batch.TryAdd(new TrackerReport
            {
                Key = VehicleKey.OfDevice(device),
                Time = time,
                Latitude = position.Number("latitude"),
                Longitude = position.Number("longitude"),
                IsValid = position.Truth("valid") is not false,
                SpeedKmh = TrackerReport.FromKnots(position.Number("speed")),
                Heading = position.Number("course"),
                Accuracy = position.Number("accuracy"),
                Altitude = position.Number("altitude"),
                OdometerMeters = attributes.Number("odometer"),
                Ignition = attributes.Truth("ignition"),
            }.ToPosition(source, now));
            return null;
        }
    }
}
