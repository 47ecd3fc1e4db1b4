using System.Globalization;
using System.Text;
using System.Xml;
using ChargeCars.Api.Telemetry;
using ChargeCars.Vehicles.Motion;
using ChargeCars.Vehicles.Positions;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Vehicles.Motion;

/// <summary>One vehicle's fixes as a GPX 1.1 track, written as they come from the database; a silence begins a new segment.</summary>
internal static class VehicleTrack
{
    private const string Namespace = "http://www.topografix.com/GPX/1/1";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    public static async Task<IResult> WriteAsync(
        Guid id, string? from, string? to, VehicleDirectory directory, TripHistory trips, TimeProvider time, CancellationToken cancellation)
    {
        if (TimeSpanQuery.Read(from, to, time.GetUtcNow(), out var start, out var end) is { } fault)
        {
            return fault;
        }

        if (end - start > Longest)
        {
            return TelemetryProblems.Invalid("from", $"must be at most {Longest.TotalDays:F0} days before to");
        }

        return await directory.ExistsAsync(id, cancellation)
            ? Results.Stream(
                body => WriteAsync(body, id, trips.TrackAsync(id, start, end, cancellation)), "application/gpx+xml",
                $"vehicle-{id}-{start:yyyyMMdd'T'HHmmss'Z'}.gpx")
            : TelemetryProblems.NotFound(id);
    }

    private static async Task WriteAsync(Stream body, Guid id, IAsyncEnumerable<PositionFix> fixes)
    {
        await using var xml = XmlWriter.Create(body, new() { Async = true, Encoding = new UTF8Encoding(false) });
        await xml.WriteStartDocumentAsync();
        await xml.WriteStartElementAsync(null, "gpx", Namespace);
        await xml.WriteAttributeStringAsync(null, "version", null, "1.1");
        await xml.WriteAttributeStringAsync(null, "creator", null, "ChargeCars");
        await xml.WriteStartElementAsync(null, "trk", Namespace);
        await xml.WriteElementStringAsync(null, "name", Namespace, $"vehicle {id}");
        DateTimeOffset? before = null;
        await foreach (var fix in fixes)
        {
            if (before is not { } last || fix.FixTime - last > Silence)
            {
                if (before is not null)
                {
                    await xml.WriteEndElementAsync();
                }

                await xml.WriteStartElementAsync(null, "trkseg", Namespace);
            }

            before = fix.FixTime;
            await PointAsync(xml, fix);
        }

        await xml.WriteEndDocumentAsync();
    }

    // The order of the elements is the schema's. It has no place for speed and heading.
    private static async Task PointAsync(XmlWriter xml, PositionFix fix)
    {
        await xml.WriteStartElementAsync(null, "trkpt", Namespace);
        await xml.WriteAttributeStringAsync(null, "lat", null, Number(fix.Latitude));
        await xml.WriteAttributeStringAsync(null, "lon", null, Number(fix.Longitude));
        if (fix.AltitudeMeters is { } altitude)
        {
            await xml.WriteElementStringAsync(null, "ele", Namespace, Number(altitude));
        }

        await xml.WriteElementStringAsync(
            null, "time", Namespace, fix.FixTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
        await xml.WriteElementStringAsync(null, "src", Namespace, fix.Source);
        await xml.WriteEndElementAsync();
    }

    // xsd:decimal knows no exponent.
    private static string Number(double value) => value.ToString("0.###############", CultureInfo.InvariantCulture);
}
