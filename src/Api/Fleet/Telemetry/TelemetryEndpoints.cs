using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Fleet.Telemetry.Trackers;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>Positions in, and read back.</summary>
public static class TelemetryEndpoints
{
    /// <summary>The <c>source</c> of fixes that come by our own format.</summary>
    private const string Source = "api";

    /// <summary>Maps the telemetry endpoints.</summary>
    public static IEndpointRouteBuilder MapTelemetry(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/telemetry/positions", (RequestDelegate)SendAsync)
            .RequirePermission(Permissions.PositionsWrite)
            .WithMetadata(new TelemetryBodyLimit())
            .Described(SendAsync, typeof(PositionsAnswer)).DescribesBody(typeof(PositionsBody), "application/json", "application/x-ndjson")
            .WithName("SendPositions").WithTags("Telemetry")
            .WithSummary("Takes up to 10,000 positions; answers when they are on disk.");
        TrackerEndpoints.Map(routes);
        routes.MapGet("/api/vehicles/{id:guid}/positions", VehiclePositions.ListAsync)
            .RequirePermission(Permissions.PositionsRead).WithinVehicleScope().TakesQuery(TimeSpanQuery.Parameters).TakesPages()
            .Produces<VehiclePositions.Page>()
            .WithName("ListVehiclePositions").WithTags("Telemetry")
            .WithSummary("A vehicle's fixes in the order of their time; by default those of the last 24 hours.");
        return routes;
    }

    private static Task SendAsync(HttpContext http) => TelemetryMediaTypes.Of(http.Request) switch
    {
        TelemetryMediaType.Json => PositionRequest.HandleAsync(http, ReadJson, AnswerAsync),
        TelemetryMediaType.Lines => PositionRequest.HandleAsync(http, ReadLines, AnswerAsync),
        _ => TelemetryProblems.WrongType("application/json or application/x-ndjson").ExecuteAsync(http),
    };

    private static BodyFault? ReadJson(HttpContext http, ReadOnlySpan<byte> body, PositionBatch batch) =>
        PositionBatchReader.ReadJson(body, Source, batch);

    private static BodyFault? ReadLines(HttpContext http, ReadOnlySpan<byte> body, PositionBatch batch) =>
        PositionBatchReader.ReadLines(body, Source, batch);

    private static Task AnswerAsync(HttpContext http, FixResult[] results) => PositionAnswer.WriteAsync(http.Response, results);
}
