using ChargeCars.Api.Identity;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>Adds a body's positions to the batch; null, or why the body is refused as a whole.</summary>
internal delegate BodyFault? ReadPositions(HttpContext http, ReadOnlySpan<byte> body, PositionBatch batch);

/// <summary>The way of a request with positions, whatever their format: in at the door, read, recorded, answered.</summary>
internal static partial class PositionRequest
{
    /// <summary>
    /// Answers when the positions are on disk, by <paramref name="answer"/>; 503 while more are under way than can be
    /// worked off soon and where some could not be written.
    /// </summary>
    public static async Task HandleAsync(HttpContext http, ReadPositions read, Func<HttpContext, FixResult[], Task> answer)
    {
        var services = http.RequestServices;
        if (!services.GetRequiredService<TelemetryAdmission>().TryEnter(http.Request.ContentLength, out var ticket))
        {
            await TelemetryProblems.TryAgain("More positions are under way than can be taken in soon; nothing of this request was.").ExecuteAsync(http);
            return;
        }

        try
        {
            using var batch = new PositionBatch();
            if (await ReadAsync(http, read, batch) is { } refusal)
            {
                await refusal.ExecuteAsync(http);
                return;
            }

            ticket.Counted(batch.Count);
            if (await RecordAsync(http, batch) is { } results)
            {
                await answer(http, results);
                return;
            }
        }
        finally
        {
            ticket.Dispose();
        }

        await TelemetryProblems.TryAgain("Some positions could not be written; send them all again: those on disk will be told as duplicates.").ExecuteAsync(http);
    }

    private static async Task<IResult?> ReadAsync(HttpContext http, ReadPositions read, PositionBatch batch)
    {
        if (await TelemetryBody.ReadAsync(http.Request, http.RequestAborted) is not { } body)
        {
            return TelemetryProblems.TooLarge();
        }

        using (body)
        {
            return read(http, body.Bytes, batch) is { } fault ? TelemetryProblems.Invalid(fault.Field, fault.Text) : null;
        }
    }

    /// <summary>Null where not all could be written.</summary>
    private static async Task<FixResult[]?> RecordAsync(HttpContext http, PositionBatch batch)
    {
        try
        {
            // Not the request's own cancellation: what is judged is written, whether or not the sender still listens.
            return await http.RequestServices.GetRequiredService<PositionIntake>().RecordAsync(batch, Caller.Of(http), CancellationToken.None);
        }
        // Whatever it is, a sender that repeats loses nothing; one that is told of a fault of ours may drop its fixes.
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (fault is not OverloadedException)
            {
                LogNotRecorded(http.RequestServices.GetRequiredService<ILogger<PositionIntake>>(), batch.Count, fault);
            }

            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Of a request of {Count} positions some could not be written; its sender repeats it")]
    private static partial void LogNotRecorded(ILogger logger, int count, Exception fault);
}

/// <summary>The server's limit for bodies of positions; ours is <see cref="TelemetryBody.MaxBytes"/>.</summary>
internal sealed class TelemetryBodyLimit : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => TelemetryBody.MaxDrained;
}
