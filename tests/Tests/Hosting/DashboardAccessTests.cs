using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace ChargeCars.Tests.Hosting;

[Collection(HostCollection.Name)]
public sealed class DashboardAccessTests(RunningHost host)
{
    private const string CookieName = "chargecars-dashboard";

    [Fact]
    public async Task Cookie_OfAnAdministrator_OpensTheDashboard()
    {
        using var browser = await BrowserAsync();

        using var page = await browser.GetAsync("/dashboard/");
        using var data = await browser.GetAsync("/dashboard/version");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.OK, data.StatusCode);
    }

    [Fact]
    public async Task Cookie_AsIssued_IsForTheDashboardOfThisSiteAndNoScript()
    {
        using var answer = await host.Administrator.PostAsync("/api/auth/dashboard", null);

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        var attributes = cookie.Split("; ")[1..];
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(["httponly", "path=/dashboard", "samesite=strict"], attributes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Cookie_SentElsewhere_IsNoCredential()
    {
        var cookie = await CookieAsync();
        foreach (var path in new[] { "/api/vehicles", "/api/auth/me", "/api/dashboard", "/hubs/dispatch" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Cookie", cookie } } };
            using var browser = host.Anonymous();
            using var answer = await browser.SendAsync(request);

            Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Unauthorized, HttpStatusCode.NotFound });
        }
    }

    [Fact]
    public async Task Cookie_WithAnotherValue_IsRefused()
    {
        foreach (var value in new[] { "", "x", (await CookieAsync())[..^4] + "AAAA" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard/") { Headers = { { "Cookie", $"{CookieName}={value}" } } };
            using var browser = host.Anonymous();
            using var answer = await browser.SendAsync(request);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Cookie_OfAnAccountThatMayNotSeeIt_IsForbidden()
    {
        // A cookie made by hand out of a token that is good, but not for this.
        var token = await ViewerTokenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dashboard/") { Headers = { { "Cookie", $"{CookieName}={token}" } } };
        using var browser = host.Anonymous();
        using var page = await browser.SendAsync(request);
        browser.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var issue = await browser.PostAsync("/api/auth/dashboard", null);

        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, issue.StatusCode);
    }

    [Fact]
    public async Task Key_AskingForACookie_IsToldToUseItsHeader()
    {
        using var program = await host.WithKeyAsync("system.dashboard");

        using var issue = await program.PostAsync("/api/auth/dashboard", null);
        using var page = await program.GetAsync("/dashboard/");

        Assert.Equal(HttpStatusCode.Forbidden, issue.StatusCode);
        Assert.Contains("header", (await issue.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Theory]
    [InlineData("HistoricalStats")]
    [InlineData("SiloProperties")]
    [InlineData("SiloMetadata")]
    [InlineData("SiloStats")]
    [InlineData("SiloCounters")]
    public async Task Silo_ThatTheClusterDoesNotHave_IsNotFound_AndItsOwnIsShown(string part)
    {
        var silo = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString();

        using var own = await host.Administrator.GetAsync($"/dashboard/{part}/{silo}");

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        foreach (var other in new[] { "x", "127.0.0.1:1@1", $"{silo}1", "a/b" })
        {
            await (await host.Administrator.GetAsync($"/dashboard/{part}/{other}")).ProblemAsync(HttpStatusCode.NotFound);
        }
    }

    [Theory]
    [InlineData("Reminders/0")]
    [InlineData("Reminders/2147483647")]
    [InlineData("GrainStats/%00")]
    [InlineData("GrainState?grainId=x")]
    [InlineData("GrainState")]
    [InlineData("GrainTypes?x=%00")]
    [InlineData("TopGrainMethods?take=x")]
    public async Task Dashboard_OfWhatIsNone_IsNoFaultOfOurs(string path)
    {
        using var answer = await host.Administrator.GetAsync($"/dashboard/{path}");

        Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode}");
    }

    [Fact]
    public async Task GrainState_OfAnAccount_ShowsNoSecret()
    {
        var id = await host.ScalarAsync<Guid>($"SELECT u.id FROM user_account u JOIN contact c ON c.id = u.contact_id WHERE email = '{RunningHost.Email}'");
        var hash = await host.ScalarAsync<string>($"SELECT password FROM user_account WHERE id = '{id}'");

        var text = await host.Administrator.GetStringAsync($"/dashboard/GrainState?grainId={id}&grainType=ChargeCars.Identity.Accounts.UserAccountGrain");

        Assert.DoesNotContain(hash, text, StringComparison.Ordinal);
        Assert.DoesNotContain("recoveryCode", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Dashboard_WithoutACookie_IsClosed()
    {
        using var browser = host.Anonymous();
        using var page = await browser.GetAsync("/dashboard/");
        using var issue = await browser.PostAsync("/api/auth/dashboard", null);

        Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, issue.StatusCode);
    }

    private async Task<string> ViewerTokenAsync()
    {
        using var viewer = await host.AsRoleAsync("viewer");
        return viewer.DefaultRequestHeaders.Authorization!.Parameter!;
    }

    private async Task<string> CookieAsync()
    {
        using var answer = await host.Administrator.PostAsync("/api/auth/dashboard", null);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    /// <summary>A client that keeps cookies as a browser does, and sends nothing else.</summary>
    private async Task<HttpClient> BrowserAsync()
    {
        var browser = new HttpClient(new HttpClientHandler()) { BaseAddress = host.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/dashboard")
        {
            Headers = { Authorization = host.Administrator.DefaultRequestHeaders.Authorization },
        };
        using var answer = await browser.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return browser;
    }
}
