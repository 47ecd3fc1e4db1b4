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

    private static Invalid Explain(JsonException json)
    {
        // System.Text.Json's path: $.equipmentList.equipment[0].category → equipmentList.equipment[0].category
        var field = json.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : "body";
        return Invalid.Field(field, InPlainWords(json.Message));
    }

    // System.Text.Json speaks of .NET types; the reader knows JSON.
    private static string InPlainWords(string message)
    {
        const string NotConverted = "could not be converted to ";
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        var text = end > 0 ? message[..end] : message;
        if (text.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
        {
            return "is not a field that can be set here";
        }

        const string Missing = "was missing required properties including: ";
        if (text.IndexOf(Missing, StringComparison.Ordinal) is var missing and >= 0)
        {
            return $"lacks {text[(missing + Missing.Length)..].TrimEnd('.')}";
        }

        if (text.Contains("doesn't allow setting null", StringComparison.Ordinal))
        {
            return "must not be null";
        }

        return text.IndexOf(NotConverted, StringComparison.Ordinal) is var at and >= 0 ? text[(at + NotConverted.Length)..] switch
        {
            var type when type.Contains("System.String", StringComparison.Ordinal) => "must be whole Unicode text in UTF-8",
            var type when type.Contains("System.Int", StringComparison.Ordinal) => "must be a whole number",
            var type when type.Contains("System.D", StringComparison.Ordinal) && !type.Contains("Date", StringComparison.Ordinal) => "must be a number",
            var type when type.Contains("System.Boolean", StringComparison.Ordinal) => "must be true or false",
            var type when type.Contains("System.Guid", StringComparison.Ordinal) => "must be a uuid",
            var type when type.Contains("System.DateOnly", StringComparison.Ordinal) => "must be a date, yyyy-MM-dd",
            _ => "is not of the right shape",
        } : text;
    }

    [LoggerMessage(LogLevel.Warning, "A request was answered 503")]
    private static partial void LogUnavailable(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Error, "A request failed")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
