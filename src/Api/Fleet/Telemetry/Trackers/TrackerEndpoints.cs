using System.Text;
using System.Text.Unicode;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Fleet.Telemetry.Trackers;

/// <summary>
/// Positions in the formats of trackers that are about. What is wrong with a fix (a duplicate, too old) is answered 200
/// with the reason: a tracker takes any other status for "send it again" and sends nothing newer meanwhile.
/// </summary>
internal static class TrackerEndpoints
{
    private const string OsmAnd = "osmand";
    private const string Traccar = "traccar";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/telemetry/osmand/{key}", (RequestDelegate)SendOsmAndAsync).AsOsmAnd().WithName("SendOsmAndPositionInQuery");
        routes.MapPost("/api/telemetry/osmand/{key}", (RequestDelegate)SendOsmAndAsync).AsOsmAnd().WithName("SendOsmAndPosition")
            .DescribesBody(typeof(OsmAndBody), "application/json");
        routes.MapPost("/api/telemetry/traccar", (RequestDelegate)SendTraccarAsync)
            .RequirePermission(Permissions.PositionsWrite)
            .WithMetadata(new TelemetryBodyLimit())
            .TakesAnyQuery().Described(SendTraccarAsync, typeof(PositionsAnswer)).DescribesBody(typeof(TraccarBody), "application/json").DescribesRefusals(404)
            .WithName("SendTraccarPosition").WithTags("Telemetry")
            .WithSummary("Takes a position as a Traccar server forwards it.");
    }

    private static IEndpointConventionBuilder AsOsmAnd(this IEndpointConventionBuilder route) => route
        .TakesKeyFromPath("key").RequirePermission(Permissions.PositionsWrite)
        .WithMetadata(new TelemetryBodyLimit())
        .TakesAnyQuery(OsmAndQuery.Parameters).Described(SendOsmAndAsync, typeof(PositionsAnswer))
        .WithTags("Telemetry").WithSummary("Takes a position as OsmAnd and Traccar Client send it: query, form or JSON.");

    private static Task SendOsmAndAsync(HttpContext http)
    {
        // Addresses end up in proxies' logs and on phones' screens: a key that can do more has no business there.
        if (Caller.Of(http).Permissions.Count > 1)
        {
            return ProblemAnswers.Forbidden(
                $"A key in an address may have no permission but {Permissions.PositionsWrite}: make one for the trackers alone.").ExecuteAsync(http);
        }

        return KindOf(http) switch
        {
            TelemetryMediaType.Json => PositionRequest.HandleAsync(http, ReadOsmAndJson, AnswerJsonAsync),
            TelemetryMediaType.None or TelemetryMediaType.Form => PositionRequest.HandleAsync(http, ReadOsmAndQuery, AnswerQueryAsync),
            _ => TelemetryProblems.WrongType("application/json or application/x-www-form-urlencoded").ExecuteAsync(http),
        };
    }

    // Some programs name a type with every request: without a body it says nothing, and the report is in the address.
    private static TelemetryMediaType KindOf(HttpContext http) =>
        http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false } ? TelemetryMediaType.None : TelemetryMediaTypes.Of(http.Request);

    private static Task SendTraccarAsync(HttpContext http) => TelemetryMediaTypes.Of(http.Request) == TelemetryMediaType.Json
        ? PositionRequest.HandleAsync(http, ReadTraccar, AnswerJsonAsync)
        : TelemetryProblems.WrongType("application/json").ExecuteAsync(http);

    private static BodyFault? ReadOsmAndJson(HttpContext http, ReadOnlySpan<byte> body, PositionBatch batch) =>
        OsmAndJson.Read(body, OsmAnd, Now(http), batch);

    private static BodyFault? ReadTraccar(HttpContext http, ReadOnlySpan<byte> body, PositionBatch batch) =>
        TraccarForwarding.Read(body, Traccar, Now(http), batch);

    private static BodyFault? ReadOsmAndQuery(HttpContext http, ReadOnlySpan<byte> body, PositionBatch batch)
    {
        if (!Utf8.IsValid(body))
        {
            return new("body", "is not UTF-8");
        }

        var (report, fault) = OsmAndQuery.Read(http.Request.QueryString.Value, Encoding.UTF8.GetString(body));
        if (fault is null)
        {
            batch.TryAdd(report.ToPosition(OsmAnd, Now(http)));
        }

        return fault;
    }

    // A body's positions are one tracker's: nobody has the name of one, nobody has the others'. One that can't be read names none.
    private static string? Unknown(FixResult[] results) =>
        Array.Find(results, static result => result.Outcome == FixOutcome.UnknownVehicle).Detail;

    private static Task AnswerQueryAsync(HttpContext http, FixResult[] results) => Unknown(results) is { } fault
        ? TelemetryProblems.Invalid("id", fault).ExecuteAsync(http)
        : PositionAnswer.WriteAsync(http.Response, results);

    private static Task AnswerJsonAsync(HttpContext http, FixResult[] results) => Unknown(results) is { } fault
        ? ProblemAnswers.Of(StatusCodes.Status404NotFound, "not-found", "Not found", $"{fault}.").ExecuteAsync(http)
        : PositionAnswer.WriteAsync(http.Response, results);

    private static DateTimeOffset Now(HttpContext http) => http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
}
