using System.Text.Json;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Api.Platform.Http;

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

        await AnswerTo(exception, httpContext).ExecuteAsync(httpContext);
        return true;
    }

    private IResult AnswerTo(Exception exception, HttpContext http)
    {
        switch (exception)
        {
            case BadHttpRequestException bad:
                // The handler of exceptions has taken the endpoint away from the request.
                return BodyFaults.AnswerTo(bad, http.Features.Get<IExceptionHandlerFeature>()?.Endpoint);
            case JsonException json:
                return ProblemAnswers.From(BodyFaults.Explain(json));
            case OverloadedException or StorageUnavailableException or Orleans.Runtime.OrleansException or TimeoutException
                or (NpgsqlException and not PostgresException { IsTransient: false }):
                LogUnavailable(logger, exception);
                return ProblemAnswers.From(new TryAgain("The service can't answer at this moment. Send the request again, with the same Idempotency-Key."));
            default:
                LogFault(logger, exception);
                return ProblemAnswers.Of(StatusCodes.Status500InternalServerError, "fault", "A fault of ours",
                    "The request could not be served; the traceId finds it in the log.");
        }
    }

    [LoggerMessage(LogLevel.Warning, "A request was answered 503")]
    private static partial void LogUnavailable(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Error, "A request failed")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
