using ChargeCars.Api.Identity;
using ChargeCars.Storage;
using ChargeCars.Vehicles.Positions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Telemetry;

/// <summary>Positions in, and read back.</summary>
public static partial class TelemetryEndpoints
{
    /// <summary>The <c>source</c> of fixes that come by our own format.</summary>
    private const string Source = "api";

    /// <summary>Maps the telemetry endpoints.</summary>
    public static IEndpointRouteBuilder MapTelemetry(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/telemetry/positions", (RequestDelegate)SendAsync)
            .RequirePermission(Permissions.PositionsWrite)
            .WithMetadata(new BodyLimit())
            .WithName("SendPositions").WithTags("Telemetry")
            .WithSummary("Takes up to 10,000 positions; answers when they are on disk.");
        routes.MapGet("/api/vehicles/{id:guid}/positions", VehiclePositions.ListAsync)
            .RequirePermission(Permissions.PositionsRead)
            .WithName("ListVehiclePositions").WithTags("Telemetry")
            .WithSummary("A vehicle's fixes in the order of their time; by default those of the last 24 hours.");
        return routes;
    }

    private static async Task SendAsync(HttpContext http)
    {
        if (FormatOf(http.Request) is not { } format)
        {
            await TelemetryProblems.WrongType().ExecuteAsync(http);
            return;
        }

        var services = http.RequestServices;
        if (!services.GetRequiredService<TelemetryAdmission>().TryEnter(http.Request.ContentLength, out var ticket))
        {
            await TelemetryProblems.TryAgain("More positions are under way than can be taken in soon; nothing of this request was.").ExecuteAsync(http);
            return;
        }

        try
        {
            using var batch = new PositionBatch();
            if (await ReadAsync(http, format, batch) is { } refusal)
            {
                await refusal.ExecuteAsync(http);
                return;
            }

            ticket.Counted(batch.Count);
            if (await RecordAsync(services, batch) is { } results)
            {
                await PositionAnswer.WriteAsync(http.Response, results);
                return;
            }
        }
        finally
        {
            ticket.Dispose();
        }

        await TelemetryProblems.TryAgain("Some positions could not be written; send them all again: those on disk will be told as duplicates.").ExecuteAsync(http);
    }

    /// <summary>Null where not all could be written.</summary>
    private static async Task<FixResult[]?> RecordAsync(IServiceProvider services, PositionBatch batch)
    {
        try
        {
            // Not the request's own cancellation: what is judged is written, whether or not the sender still listens.
            return await services.GetRequiredService<PositionIntake>().RecordAsync(batch, CancellationToken.None);
        }
        // Whatever it is, a sender that repeats loses nothing; one that is told of a fault of ours may drop its fixes.
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (fault is not OverloadedException)
            {
                LogNotRecorded(services.GetRequiredService<ILogger<PositionIntake>>(), batch.Count, fault);
            }

            return null;
        }
    }

    private static async Task<IResult?> ReadAsync(HttpContext http, Format format, PositionBatch batch)
    {
        if (await TelemetryBody.ReadAsync(http.Request, http.RequestAborted) is not { } body)
        {
            return TelemetryProblems.TooLarge();
        }

        using (body)
        {
            var fault = format == Format.Json
                ? PositionBatchReader.ReadJson(body.Bytes, Source, batch)
                : PositionBatchReader.ReadLines(body.Bytes, Source, batch);
            return fault is null ? null : TelemetryProblems.Invalid(fault.Field, fault.Text);
        }
    }

    private static Format? FormatOf(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return null;
        }

        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        var parameters = end < 0 ? default : type[(end + 1)..].Trim();
        if (parameters.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
            && !parameters["charset=".Length..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        type = (end < 0 ? type : type[..end]).Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase) ? Format.Json
            : type.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase) ? Format.Lines
            : null;
    }

    [LoggerMessage(LogLevel.Warning, "Of a request of {Count} positions some could not be written; its sender repeats it")]
    private static partial void LogNotRecorded(ILogger logger, int count, Exception fault);

    private enum Format
    {
        Json,
        Lines,
    }

    /// <summary>The server's limit; ours is <see cref="TelemetryBody.MaxBytes"/>.</summary>
    private sealed class BodyLimit : IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => TelemetryBody.MaxDrained;
    }
}
