using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api;

/// <summary>The plain screen at <c>/</c>, out of this assembly. It holds no data; the API and the hub guard that.</summary>
public static class ScreenEndpoints
{
    // No inline script or style, nothing from elsewhere.
    private const string ContentSecurity =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly Assembly Owner = typeof(ScreenEndpoints).Assembly;

    /// <summary>Changes with every build, so that the assets' addresses do and they can be cached for good.</summary>
    private static readonly string Build = Owner.ManifestModule.ModuleVersionId.ToString("N")[..12];

    /// <summary>Maps <c>/</c> and its assets; open to everybody.</summary>
    public static IEndpointRouteBuilder MapScreen(this IEndpointRouteBuilder endpoints)
    {
        var page = Read("index.html").Replace("{build}", Build, StringComparison.Ordinal);
        endpoints.MapGet("/", (HttpContext http) => Page(http, page)).AllowAnonymous().ExcludeFromDescription();
        Asset("app.js", "text/javascript; charset=utf-8");
        Asset("app.css", "text/css; charset=utf-8");
        return endpoints;

        void Asset(string name, string type)
        {
            var text = Read(name);
            endpoints.MapGet($"/assets/{Build}/{name}", (HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                http.Response.Headers.XContentTypeOptions = "nosniff";
                return TypedResults.Text(text, type);
            }).AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static ContentHttpResult Page(HttpContext http, string page)
    {
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ContentSecurityPolicy = ContentSecurity;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return TypedResults.Text(page, "text/html; charset=utf-8");
    }

    private static string Read(string name)
    {
        using var stream = Owner.GetManifestResourceStream($"ChargeCars.Api.wwwroot.{name}")
            ?? throw new InvalidOperationException($"{name} is not in this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
