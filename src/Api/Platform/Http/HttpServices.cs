using System.Text.Json.Serialization;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Platform.Http;

/// <summary>The manner of contract.md: JSON, problems, repeatable requests.</summary>
public static class HttpServices
{
    // Room for every parameter that is known, and for ten thousand characters in one that may have two hundred: then its own rule speaks.
    private const int LongestTarget = 16 * 1024;

    /// <summary>Adds JSON settings, problem answers and idempotency keys.</summary>
    public static IServiceCollection AddHttpManner(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(Configure);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddExceptionHandler<RequestFaults>();
        services.AddProblemDetails();
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<ChangeRecord>();
        return services;
    }

    /// <summary>Before authentication: answers are private, and whatever goes wrong, the answer is a problem.</summary>
    public static void UseProblemAnswers(this IApplicationBuilder app)
    {
        app.Use(next => http =>
        {
            PageHeaders.SetPrivate(http.Response);
            return next(http);
        });
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => Explain(context.HttpContext));
        app.Use(next => http => http.Features.Get<IHttpRequestFeature>() is { RawTarget.Length: > LongestTarget and var length }
            ? ProblemAnswers.Of(
                StatusCodes.Status414UriTooLong, "address-too-long", "The address is too long",
                $"The path and its query are {length} characters long as they were sent; at most {LongestTarget} are read. Send less in the query.").ExecuteAsync(http)
            : next(http));
    }

    /// <summary>
    /// Checks query parameters and bodies and repeats answers. It runs after authorization, so that a caller without permission learns
    /// only that it has none.
    /// </summary>
    public static void UseRequestRules(this IApplicationBuilder app)
    {
        app.Use(next => http => KnownQuery.CheckAsync(http, next));
        app.Use(next => http => ReadableBodies.InvokeAsync(http, next));
        var keys = app.ApplicationServices.GetRequiredService<IdempotencyKeys>();
        app.Use(next => http => keys.InvokeAsync(http, next));
    }

    private static void Configure(JsonOptions json)
    {
        var options = json.SerializerOptions;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new UtcTimeConverter());
        options.Converters.Add(new DateConverter());
        options.Converters.Add(new JsonText.Strings());
        options.Converters.Add(new JsonText.Untyped());
    }

    // An answer without a body, by routing, Kestrel or authentication.
    private static Task Explain(HttpContext http) => (http.Response.StatusCode switch
    {
        404 => ProblemAnswers.Of(404, "not-found", "Not found", $"There is nothing at {http.Request.Path}."),
        405 => ProblemAnswers.Of(405, "method", "Method not allowed", $"{http.Request.Method} is not known at {http.Request.Path}; Allow: {http.Response.Headers.Allow}."),
        413 => ProblemAnswers.TooLarge(),
        415 => ProblemAnswers.Of(415, "media-type", "The content type is not known here", "Send application/json."),
        var status => ProblemAnswers.Of(status, "http", "The request can't be served", $"Status {status}."),
    }).ExecuteAsync(http);
}
