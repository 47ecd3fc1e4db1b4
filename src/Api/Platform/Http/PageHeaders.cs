using Microsoft.AspNetCore.Http;

namespace ChargeCars.Api.Platform.Http;

/// <summary>What answers say to browsers.</summary>
public static class PageHeaders
{
    /// <summary>A page: what it may load and speak to, and that it tells nobody where its reader came from.</summary>
    /// <param name="http">The request.</param>
    /// <param name="policy">Its Content-Security-Policy.</param>
    public static void Set(HttpContext http, string policy)
    {
        ArgumentNullException.ThrowIfNull(http);
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
    }

    /// <summary>
    /// Whatever does not say otherwise afterwards is for its reader alone: kept by no cache, and never taken for anything but what it
    /// says that it is.
    /// </summary>
    internal static void SetPrivate(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
