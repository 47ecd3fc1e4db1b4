using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Who may open a connection at all. CORS does not cover WebSockets: any page in a user's browser could open one here, so
/// the Origin that browsers send is checked. And upgraded connections have no limit of Kestrel's.
/// </summary>
internal static class ConnectionGate
{
    public static void Close(EndpointBuilder endpoint)
    {
        var next = endpoint.RequestDelegate;
        endpoint.RequestDelegate = http =>
        {
            var options = http.RequestServices.GetRequiredService<IOptions<LiveOptions>>().Value;
            if (!IsOwn(http.Request, options))
            {
                return RefuseAsync(http, StatusCodes.Status403Forbidden, "This origin may not connect; see ChargeCars:Live:AllowedOrigins.");
            }

            var places = http.RequestServices.GetRequiredService<ConnectionPlaces>();
            return places.Take(Caller.Of(http).Key) switch
            {
                PlaceAnswer.Taken => ServeAsync(http, next!, places),
                PlaceAnswer.NodeIsFull => RefuseForNowAsync(
                    http, StatusCodes.Status503ServiceUnavailable, "This server has as many live connections as it may."),
                _ => RefuseForNowAsync(
                    http, StatusCodes.Status429TooManyRequests, $"You have {options.MaximumConnectionsPerCaller} live connections, as many as one caller may."),
            };
        };
    }

    // For a WebSocket the request lasts as long as the connection.
    private static async Task ServeAsync(HttpContext http, RequestDelegate next, ConnectionPlaces places)
    {
        var caller = Caller.Of(http).Key;
        try
        {
            await next(http);
        }
        finally
        {
            places.Leave(caller);
        }
    }

    internal static bool IsOwn(HttpRequest request, LiveOptions options)
    {
        string? origin = request.Headers.Origin;
        if (string.IsNullOrEmpty(origin))
        {
            return true; // not a browser
        }

        // The scheme is left out: behind a proxy that ends TLS it differs.
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && (string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
                || options.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase));
    }

    private static Task RefuseForNowAsync(HttpContext http, int status, string detail)
    {
        http.Response.Headers.RetryAfter = "5";
        return RefuseAsync(http, status, detail);
    }

    private static Task RefuseAsync(HttpContext http, int status, string detail) =>
        ProblemAnswers.Of(status, "hub", "The hub refuses the connection", detail).ExecuteAsync(http);
}
