using System.Text.Json;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>The answer to a batch: <c>{"accepted", "stored", "rejected": [{"index", "reason", "detail"}]}</c>.</summary>
internal static class PositionAnswer
{
    public static async Task WriteAsync(HttpResponse response, FixResult[] results)
    {
        response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(response.BodyWriter);
        Write(writer, results);
    }

    private static void Write(Utf8JsonWriter writer, FixResult[] results)
    {
        var (accepted, stored) = (0, 0);
        foreach (ref readonly var result in results.AsSpan())
        {
            accepted += result.Outcome == FixOutcome.Accepted ? 1 : 0;
            stored += result.Outcome is FixOutcome.Accepted or FixOutcome.Stored ? 1 : 0;
        }

        writer.WriteStartObject();
        writer.WriteNumber("accepted"u8, accepted);
        writer.WriteNumber("stored"u8, stored);
        writer.WriteStartArray("rejected"u8);
        for (var i = 0; i < results.Length && stored < results.Length; i++)
        {
            if (results[i].Outcome is FixOutcome.Accepted or FixOutcome.Stored)
            {
                continue;
            }

            writer.WriteStartObject();
            writer.WriteNumber("index"u8, i);
            writer.WriteString("reason"u8, WireText.Of(results[i].Outcome));
            writer.WriteString("detail"u8, results[i].Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
