namespace ChargeCars.Api.Screen;

/// <summary>What the page may load and speak to.</summary>
internal static class PagePolicy
{
    /// <summary>
    /// The Content-Security-Policy: no script or style but the page's own files, and no other host than the map's. The map's
    /// worker is a file of ours too; pictures of tiles pass through <c>blob:</c>.
    /// </summary>
    public static string For(ScreenOptions options)
    {
        var hosts = string.Concat(
            new[] { options.MapStyle, options.MapTiles }.OfType<string>().Select(ScreenOptionsValidator.Origin)
                .Concat(options.MapHosts).Distinct(StringComparer.OrdinalIgnoreCase).Select(host => $" {host}"));
        return "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; "
            + $"img-src 'self' data: blob:{hosts}; connect-src 'self'{hosts}; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    }
}
