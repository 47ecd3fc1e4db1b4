using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace ChargeCars.Api.Platform.Http;

/// <summary>The API's description, <c>/openapi/v1.json</c>, and <c>/docs</c> to read and try it. The page loads nothing from elsewhere.</summary>
public static class DocumentationPage
{
    /// <summary>Maps both; open to everybody.</summary>
    public static void MapDocumentation(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi().AllowAnonymous();
        routes.MapScalarApiReference("/docs", static (options, http) =>
        {
            // Each of these would be loaded from, or told to, the makers of the page.
            options.DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideClientButton().HideDeveloperTools();
            var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
            options.WithNonce(nonce);
            PageHeaders.Set(http, PolicyFor(nonce));
        }).AllowAnonymous();
    }

    // The page writes its own styles into the document.
    private static string PolicyFor(string nonce) =>
        $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; worker-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}
