using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace ChargeCars.Api.Platform.Http;

/// <summary>The one place where a refusal becomes an answer over HTTP (RFC 9457).</summary>
public static class ProblemAnswers
{
    /// <summary>The problem that an <see cref="Error"/> is to a client.</summary>
    public static IResult From(Error error) => error switch
    {
        NotFound => Of(StatusCodes.Status404NotFound, "not-found", "Not found", error.Detail),
        ChargeCars.Forbidden => Forbidden(error.Detail),
        Invalid invalid => Of(StatusCodes.Status400BadRequest, "validation", "The request is not valid", error.Detail,
            ("errors", invalid.Fields)),
        TransitionRefused refused => Of(StatusCodes.Status409Conflict, "transition-refused", "The transition is refused", error.Detail,
            ("action", refused.Action), ("from", refused.From), ("to", refused.To), ("allowed", refused.Allowed), ("unmet", refused.Unmet)),
        StaleVersion stale => Of(StatusCodes.Status412PreconditionFailed, "stale-version", "The version is stale", error.Detail,
            ("currentVersion", stale.Current), ("changes", stale.Changes)),
        VersionRequired => Of(StatusCodes.Status428PreconditionRequired, "version-required", "If-Match is missing", error.Detail),
        Conflict conflict => Of(StatusCodes.Status409Conflict, conflict.Code.Replace('_', '-'), "The request conflicts with what is there",
            error.Detail,
            [
                .. conflict.Field is { } field ? [("errors", new Dictionary<string, string[]> { [field] = [error.Detail] })] : Array.Empty<(string, object?)>(),
                .. (conflict.Figures ?? new Dictionary<string, long>()).Select(figure => (figure.Key, (object?)figure.Value)),
            ]),
        TryAgain again => new Later(
            Of(StatusCodes.Status503ServiceUnavailable, "try-again", "Not now", error.Detail), again.AfterSeconds),
        TooManyAttempts many => new Later(
            Of(StatusCodes.Status429TooManyRequests, "too-many-attempts", "Too many attempts", error.Detail), many.AfterSeconds),
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "No answer is defined for this kind of error."),
    };

    /// <summary>401: who asks is not known.</summary>
    public static IResult Unauthorized(string detail) =>
        Of(StatusCodes.Status401Unauthorized, "unauthorized", "Credentials are missing or not valid", detail);

    /// <summary>403: who asks may not.</summary>
    public static IResult Forbidden(string detail, params (string Name, object? Value)[] extensions) =>
        Of(StatusCodes.Status403Forbidden, "forbidden", "Not permitted", detail, extensions);

    /// <summary>413: more than a request may carry.</summary>
    /// <param name="endpoint">The endpoint that was asked, which may have a limit of its own; null where it is not known.</param>
    public static IResult TooLarge(Endpoint? endpoint = null) => Of(
        StatusCodes.Status413PayloadTooLarge, "too-large", "The body is too large",
        endpoint?.Metadata.GetMetadata<BodyLimit>() is { } limit ? $"This request may carry {limit.Bytes} bytes." : "A request may carry 1 MB; telemetry 8 MB.");

    /// <summary>A problem by its parts; <paramref name="code"/> becomes the type <c>/problems/{code}</c>.</summary>
    public static IResult Of(int status, string code, string title, string detail, params (string Name, object? Value)[] extensions)
    {
        var problem = new ProblemDetails { Status = status, Type = $"/problems/{code}", Title = title, Detail = detail };
        foreach (var (name, value) in extensions)
        {
            problem.Extensions[name] = value;
        }

        return new Traced(problem);
    }

    private sealed class Traced(ProblemDetails problem) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => problem.Status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            problem.Extensions["traceId"] = Activity.Current?.Id ?? httpContext.TraceIdentifier;
            httpContext.Response.StatusCode = problem.Status!.Value;
            // Again: after an exception the framework has cleared all headers.
            PageHeaders.SetPrivate(httpContext.Response);
            return httpContext.Response.WriteAsJsonAsync(problem, options: null, "application/problem+json", httpContext.RequestAborted);
        }
    }

    private sealed class Later(IResult problem, int seconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return problem.ExecuteAsync(httpContext);
        }
    }
}
