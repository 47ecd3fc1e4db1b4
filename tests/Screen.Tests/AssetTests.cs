using System.Net;
using System.Text.RegularExpressions;

namespace ChargeCars.Screen.Tests;

/// <summary>How the screen's files are served.</summary>
[Collection(FleetCollection.Name)]
public sealed partial class AssetTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Page_AskedForAgain_IsNotSentAgain()
    {
        using var first = await host.Api.GetAsync("/");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var again = await host.Api.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Contains("script-src 'self';", first.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", first.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Asset_IsKeptForGood_AndCompressedForWhoTakesIt()
    {
        var page = await host.Api.GetStringAsync("/");
        var script = Script().Match(page).Groups[1].Value;
        using var plain = await host.Api.GetAsync(script);
        using var request = new HttpRequestMessage(HttpMethod.Get, script) { Headers = { { "Accept-Encoding", "gzip, br" } } };
        using var small = await host.Api.SendAsync(request);

        Assert.Equal(TimeSpan.FromDays(365), plain.Headers.CacheControl!.MaxAge);
        Assert.Contains(plain.Headers.CacheControl.Extensions, extension => extension.Name == "immutable");
        Assert.Equal("br", small.Content.Headers.ContentEncoding.Single());
        Assert.True(small.Content.Headers.ContentLength < plain.Content.Headers.ContentLength / 3);
        Assert.NotEqual(plain.Headers.ETag, small.Headers.ETag);
    }

    [GeneratedRegex("src=\"(/assets/screen-[^\"]+)\"")]
    private static partial Regex Script();
}
