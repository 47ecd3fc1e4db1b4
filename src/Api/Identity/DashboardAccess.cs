using ChargeCars.Api.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Identity;

/// <summary>An endpoint that also takes the caller's access token from a cookie, because a browser opens it by its address.</summary>
internal sealed record TokenInCookie;

/// <summary>
/// The runtime's dashboard in a browser, which can't set a header when it opens an address. <c>POST /api/auth/dashboard</c>
/// hands the access token that it is called with back as a cookie; it counts there exactly as long and as much as in its
/// header, so that a logout, a closed account or a change of role ends both.
/// </summary>
/// <remarks>
/// Only the dashboard's endpoints look at the cookie, and the browser sends it to no others (its path), from no other
/// site (<c>SameSite=Strict</c>), and shows it to no script.
/// </remarks>
public static class DashboardAccess
{
    internal const string Cookie = "chargecars-dashboard";
    private const string Path = "/dashboard";

    /// <summary>States who may see the dashboard, and that it takes the cookie.</summary>
    public static TBuilder RequireDashboardAccess<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(DashboardSilos.Guard);
        return builder.WithMetadata(new TokenInCookie(), new ExcludeFromDescriptionAttribute()).RequirePermission(Permissions.SystemDashboard);
    }

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/auth/dashboard", Open)
        .WithTags("Authentication").RequirePermission(Permissions.SystemDashboard).Produces(StatusCodes.Status204NoContent)
        .WithName("OpenDashboard").WithSummary("Opens the runtime's dashboard to this browser, by a cookie.");

    /// <summary>The token that a request for the dashboard brings in its cookie; null elsewhere.</summary>
    internal static string? TokenOf(HttpRequest request) =>
        request.HttpContext.GetEndpoint()?.Metadata.GetMetadata<TokenInCookie>() is null ? null : request.Cookies[Cookie];

    private static IResult Open(HttpContext http)
    {
        if (Credentials.Of(http.Request).AccessToken is not { } token)
        {
            return ProblemAnswers.Forbidden($"A key opens {Path} in its own header; the cookie is for people, who have an access token.");
        }

        // Without an end of its own: the browser forgets it when it closes, and the token ends sooner.
        http.Response.Cookies.Append(Cookie, token, new()
        {
            HttpOnly = true,
            IsEssential = true,
            Path = Path,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
        });
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.NoContent();
    }
}
