using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ChargeCars.Silo.Replay;

/// <summary>Writes the body of <c>POST /api/telemetry/positions</c>.</summary>
internal static class PositionsBody
{
    public static ReadOnlyMemory<byte> Of(IReadOnlyList<ScheduledFix> batch)
    {
        var buffer = new ArrayBufferWriter<byte>(batch.Count * 220 + 32);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteStartArray("positions");
        foreach (var scheduled in batch) Write(json, scheduled);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, in ScheduledFix scheduled)
    {
        var fix = scheduled.Fix;
        json.WriteStartObject();
        json.WriteString("licensePlate", scheduled.Vehicle);
        json.WriteString("fixTime", scheduled.FixTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        json.WriteNumber("latitude", fix.Latitude);
        json.WriteNumber("longitude", fix.Longitude);
        // What the recording lacks is left away, never sent as zero. Accuracy and heading are whole in the schema;
        // accuracy is rounded up, so as not to claim more than was measured.
        if (!float.IsNaN(fix.AccuracyMeters)) json.WriteNumber("accuracyMeters", (int)MathF.Ceiling(fix.AccuracyMeters));
        if (!float.IsNaN(fix.SpeedKmh)) json.WriteNumber("speedKmh", Math.Round((decimal)fix.SpeedKmh, 2));
        if (!float.IsNaN(fix.HeadingDegrees)) json.WriteNumber("headingDegrees", (int)MathF.Round(fix.HeadingDegrees) % 360);
        if (!float.IsNaN(fix.AltitudeMeters)) json.WriteNumber("altitudeMeters", Math.Round((decimal)fix.AltitudeMeters, 2));
        json.WriteEndObject();
    }
}
