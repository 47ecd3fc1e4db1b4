using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Telemetry;

/// <summary>The problem answers of this feature, in one place.</summary>
internal static class TelemetryProblems
{
    public static IResult Invalid(string field, string fault) => Results.ValidationProblem(
        new Dictionary<string, string[]> { [field] = [fault] },
        detail: "The request has fields that are not valid; see errors.",
        title: "Invalid request", type: "/problems/invalid", statusCode: StatusCodes.Status400BadRequest);

    public static IResult NotFound(Guid vehicleId) => Results.Problem(
        detail: $"There is no vehicle {vehicleId}.", title: "Not found", type: "/problems/not_found", statusCode: StatusCodes.Status404NotFound);

    public static IResult TooLarge() => Results.Problem(
        detail: "A body of positions has at most 8 MB.", title: "Body too large",
        type: "/problems/body_too_large", statusCode: StatusCodes.Status413PayloadTooLarge);

    public static IResult WrongType() => Results.Problem(
        detail: "Positions come as application/json or application/x-ndjson, in UTF-8, not compressed.", title: "Unsupported media type",
        type: "/problems/unsupported_media_type", statusCode: StatusCodes.Status415UnsupportedMediaType);

    public static IResult TryAgain(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = "1";
        return Results.Problem(
            detail: detail, title: "Try again", type: "/problems/try_again", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
