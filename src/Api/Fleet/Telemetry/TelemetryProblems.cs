using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>The problem answers of this feature, in one place.</summary>
internal static class TelemetryProblems
{
    public static IResult Invalid(string field, string fault) => ProblemAnswers.From(ChargeCars.Invalid.Field(field, fault));

    public static IResult NotFound(Guid vehicleId) => ProblemAnswers.From(new NotFound("vehicle", vehicleId.ToString()));

    public static IResult TooLarge() => ProblemAnswers.TooLarge();

    public static IResult WrongType(string known) => ProblemAnswers.Of(
        StatusCodes.Status415UnsupportedMediaType, "media-type", "The content type is not known here",
        $"Positions come as {known}, in UTF-8, not compressed.");

    public static IResult TryAgain(string detail) => ProblemAnswers.From(new TryAgain(detail));
}
