using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;

namespace ChargeCars.Tests.Hosting;

/// <summary>What answers and pages say to browsers and caches.</summary>
[Collection(HostCollection.Name)]
public sealed partial class PageHeaderTests(RunningHost host)
{
    [Theory]
    [InlineData("/api/vehicles", HttpStatusCode.OK)]
    [InlineData("/api/auth/me", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.OK)]
    [InlineData("/api/vehicles?surprise=1", HttpStatusCode.BadRequest)]
    [InlineData("/api/vehicles/00000000-0000-0000-0000-000000000001", HttpStatusCode.NotFound)]
    [InlineData("/nothing/here", HttpStatusCode.NotFound)]
    public async Task Answer_IsKeptByNoCacheAndSniffedByNobody(string path, HttpStatusCode status)
    {
        using var answer = await host.Administrator.GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
        AssertPrivate(answer);
    }

    [Fact]
    public async Task Problem_AfterAnException_IsKeptByNoCacheEither()
    {
        using var content = new StringContent("{", Encoding.UTF8, "application/json");
        using var unreadable = await host.Administrator.PostAsync("/api/vehicles", content);
        using var anonymous = host.Anonymous();
        using var stranger = await anonymous.GetAsync("/api/vehicles");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized), (unreadable.StatusCode, stranger.StatusCode));
        AssertPrivate(unreadable);
        AssertPrivate(stranger);
    }

    [Fact]
    public async Task Login_IsKeptByNoCache()
    {
        using var anonymous = host.Anonymous();
        using var login = await anonymous.PostAsJsonAsync("/api/auth/login", new { email = RunningHost.Email, password = RunningHost.Password });

        Assert.Equal(HttpStatusCode.OK, login.StatusCode);
        AssertPrivate(login);
    }

    [Theory]
    [InlineData("/docs/")]
    [InlineData("/dashboard/")]
    [InlineData("/")]
    public async Task Page_LoadsNothingFromElsewhere(string path)
    {
        using var page = await host.Administrator.GetAsync(path);

        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Empty(Elsewhere().Matches(html).Select(match => match.Value));
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.DoesNotContain('*', policy);
        Assert.All(["base-uri 'none'", "frame-ancestors 'none'"], part => Assert.Contains(part, policy, StringComparison.Ordinal));
        Assert.DoesNotContain("unsafe", ScriptPart().Match(policy).Value, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(page.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task Documentation_RunsOnlyTheScriptsOfThisAnswer()
    {
        var nonces = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var page = await host.Administrator.GetAsync("/docs/");
            var nonce = Nonce().Match(page.Headers.GetValues("Content-Security-Policy").Single()).Groups[1].Value;
            var scripts = Script().Matches(await page.Content.ReadAsStringAsync());
            Assert.NotEmpty(scripts);
            Assert.All(scripts, script => Assert.Contains($"nonce=\"{nonce}\"", script.Value, StringComparison.Ordinal));
            nonces.Add(nonce);
        }

        Assert.NotEqual(nonces[0], nonces[1]);
    }

    private static void AssertPrivate(HttpResponseMessage answer)
    {
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    // A link is followed by who clicks it; it loads nothing.
    [GeneratedRegex("""(?<!<a )\b(src|href|url)\s*[=(:]\s*["']?(https?:)?//[^"')\s]+""", RegexOptions.IgnoreCase)]
    private static partial Regex Elsewhere();

    [GeneratedRegex("script-src [^;]*")]
    private static partial Regex ScriptPart();

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();
}
