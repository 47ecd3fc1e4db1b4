using System.Text.Json;
using ChargeCars.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Api.Http;

/// <summary>
/// What was thrown instead of returned: a body that can't be read is the client's and says which field; a database or
/// cluster that does not answer is a 503 to be repeated; anything else is a fault of ours.
/// </summary>
internal sealed partial class RequestFaults(ILogger<RequestFaults> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        await AnswerTo(exception).ExecuteAsync(httpContext);
        return true;
    }

    private IResult AnswerTo(Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException { InnerException: JsonException json }:
                return ProblemAnswers.From(Explain(json));
            case BadHttpRequestException bad:
                return ProblemAnswers.Of(bad.StatusCode, bad.StatusCode == 413 ? "too-large" : bad.StatusCode == 415 ? "media-type" : "bad-request",
                    bad.StatusCode == 413 ? "The body is too large" : "The request can't be read", bad.Message);
            case JsonException json:
                return ProblemAnswers.From(Explain(json));
            case OverloadedException or StorageUnavailableException or Orleans.Runtime.OrleansException or TimeoutException or NpgsqlException { IsTransient: true }:
                LogUnavailable(logger, exception);
                return ProblemAnswers.From(new TryAgain("The service can't answer at this moment. Send the request again, with the same Idempotency-Key."));
            default:
                LogFault(logger, exception);
                return ProblemAnswers.Of(StatusCodes.Status500InternalServerError, "fault", "A fault of ours",
                    "The request could not be served; the traceId finds it in the log.");
        }
    }

    private static Invalid Explain(JsonException json)
    {
        // System.Text.Json's path: $.equipmentList.equipment[0].category → equipmentList.equipment[0].category
        var field = json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "body";
        var end = json.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return Invalid.Field(field, end > 0 ? json.Message[..end] : json.Message);
    }

    [LoggerMessage(LogLevel.Warning, "A request was answered 503")]
    private static partial void LogUnavailable(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Error, "A request failed")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
