using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Fleet.Vehicles.Motion;

/// <summary>
/// One vehicle's fixes as a GPX 1.1 track; a silence begins a new segment. Read page by page as fast as they are taken, so that
/// a slow reader holds one page and no connection to the database. Whoever may not see the vehicle any more, or a vehicle
/// that is deleted meanwhile, ends it by a broken transfer: half a track must not pass for the whole.
/// </summary>
internal static class VehicleTrack
{
    // More fixes in a page were a large object, which only a collection of everything takes away.
    internal const int PageSize = 500;

    private const string Namespace = "http://www.topografix.com/GPX/1/1";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(10);

    public static async Task<IResult> WriteAsync(
        Guid id, HttpContext http, VehicleDirectory directory, PositionHistory history, CallerCheck callers, TimeProvider time)
    {
        var parameters = QueryParameters.Of(http);
        var (start, end) = TimeSpanQuery.Read(parameters, time.GetUtcNow());
        parameters.Require("from", end - start <= Longest, $"must be at most {Longest.TotalDays:F0} days before to");
        if (parameters.Refusal is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (!await directory.ExistsAsync(id, http.RequestAborted))
        {
            return TelemetryProblems.NotFound(id);
        }

        var fixes = FixesAsync(
            after => history.ReadAsync(id, start, end, after, PageSize, http.RequestAborted), MayGoOnAsync, http.RequestAborted);
        return Results.Stream(async body =>
        {
            try
            {
                await WriteGpxAsync(body, id, fixes);
            }
            catch (TrackEndedException)
            {
                http.Abort();
            }
        }, "application/gpx+xml", $"vehicle-{id}-{start:yyyyMMdd'T'HHmmss'Z'}.gpx");

        async ValueTask<bool> MayGoOnAsync() =>
            await callers.StandsAsync(Caller.Of(http)) && await directory.ExistsAsync(id, http.RequestAborted);
    }

    /// <summary>All fixes, page by page; before each further page it is asked whether it may go on.</summary>
    internal static async IAsyncEnumerable<PositionFix> FixesAsync(
        Func<FixKey?, Task<IReadOnlyList<RecordedFix>>> read, Func<ValueTask<bool>> mayGoOn,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        FixKey? after = null;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var page = await read(after);
            foreach (var recorded in page)
            {
                yield return recorded.Fix;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            after = new(page[^1].Fix.FixTime, page[^1].Fix.Source);
            if (!await mayGoOn())
            {
                throw new TrackEndedException();
            }
        }
    }

    internal static async Task WriteGpxAsync(Stream body, Guid id, IAsyncEnumerable<PositionFix> fixes)
    {
        await using var xml = XmlWriter.Create(body, new() { Async = true, Encoding = new UTF8Encoding(false), WriteEndDocumentOnClose = false });
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

    /// <summary>The caller may not see the rest.</summary>
    internal sealed class TrackEndedException : Exception;
}
