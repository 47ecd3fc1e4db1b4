using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace ChargeCars.Api.Identity;

/// <summary>The refusals of this feature as problem answers, in one place.</summary>
internal static class AccessProblems
{
    public static IResult From(Error error) => error switch
    {
        Invalid invalid => Of(StatusCodes.Status400BadRequest, "validation", "The request is not valid", error.Detail, ("errors", invalid.Fields)),
        NotFound => Of(StatusCodes.Status404NotFound, "not-found", "Not found", error.Detail),
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, "No answer is defined for this kind of error."),
    };

    public static IResult Unauthorized(string detail) =>
        Of(StatusCodes.Status401Unauthorized, "unauthorized", "Credentials are missing or not valid", detail);

    public static IResult Forbidden(string detail, params (string Name, object? Value)[] extensions) =>
        Of(StatusCodes.Status403Forbidden, "forbidden", "Not permitted", detail, extensions);

    public static IResult Of(int status, string code, string title, string detail, params (string Name, object? Value)[] extensions)
    {
        var problem = new ProblemDetails { Status = status, Type = $"/problems/{code}", Title = title, Detail = detail };
        foreach (var (name, value) in extensions)
        {
            problem.Extensions[name] = value;
        }

        return new Traced(problem);
    }

    private sealed class Traced(ProblemDetails problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            problem.Extensions["traceId"] = Activity.Current?.Id ?? httpContext.TraceIdentifier;
            httpContext.Response.StatusCode = problem.Status!.Value;
            return httpContext.Response.WriteAsJsonAsync(problem, options: null, "application/problem+json", httpContext.RequestAborted);
        }
    }
}
