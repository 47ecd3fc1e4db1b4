using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ChargeCars.Tests.Hosting;
using Microsoft.Playwright;
using OtpNet;

namespace ChargeCars.Screen.Tests;

/// <summary>Who is signed in, against the real server.</summary>
[Collection(FleetCollection.Name)]
public sealed class SessionTests(ScreenHost host)
{
    private const string Tokens = "JSON.parse(sessionStorage.getItem('chargecars.session'))";

    [BrowserFact]
    public async Task TwoFactor_WrongCodeIsTold_TheRightOneLetsIn()
    {
        var email = await host.CreateUserAsync("manager");
        var authenticator = await EnableTwoFactorAsync(email);
        await using var screen = await host.OpenAsync();

        await screen.SignInAsync(email: email);
        await Assertions.Expect(screen.Page.Locator("#code")).ToBeFocusedAsync();
        await screen.Page.FillAsync("#code", "000000");
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Page.Locator("#login-fault")).Not.ToBeEmptyAsync();
        await Assertions.Expect(screen.Page.Locator("#app")).ToBeHiddenAsync();
        if (await screen.Page.Locator("#code").IsHiddenAsync())
        {
            await screen.SignInAsync(email: email);
            await Assertions.Expect(screen.Page.Locator("#code")).ToBeFocusedAsync();
        }

        // The code of now has counted when it was enabled; the clock may be half a minute off.
        await screen.Page.FillAsync("#code", authenticator.ComputeTotp(DateTime.UtcNow.AddSeconds(30)));
        await screen.Page.Keyboard.PressAsync("Enter");

        await screen.IsLiveAsync();
    }

    [BrowserFact]
    public async Task AccessToken_ThatExpired_IsRenewed_AndTheReaderNoticesNothing()
    {
        var shortLived = new ScreenHost(host, ["--ChargeCars:Sessions:AccessLifetime=00:00:03"]);
        await shortLived.InitializeAsync();
        try
        {
            await using var screen = await shortLived.OpenAsync();
            await screen.SignInAsync();
            await IsConnectedAsync(screen);
            // Away from the screen, which would renew it in time, but with its storage still at hand.
            await screen.Page.GotoAsync(new Uri(shortLived.Url, "/health/live").ToString());
            var before = await screen.Page.EvaluateAsync<string>($"{Tokens}.accessToken");
            await UntilTheTokenHasEndedAsync(screen);

            await screen.Page.GotoAsync(shortLived.Url.ToString());

            await IsConnectedAsync(screen);
            Assert.NotEqual(before, await screen.Page.EvaluateAsync<string>($"{Tokens}.accessToken"));
            await Assertions.Expect(screen.Page.Locator("#login-form")).ToBeHiddenAsync();
        }
        finally
        {
            await shortLived.DisposeAsync();
        }
    }

    [BrowserFact]
    public async Task Network_AwayPastTheTokensEnd_IsTakenUpAgain_AndNobodyHasToLogIn()
    {
        var shortLived = new ScreenHost(host, ["--ChargeCars:Sessions:AccessLifetime=00:00:03"]);
        await shortLived.InitializeAsync();
        try
        {
            await using var relay = new Relay(shortLived.Url);
            await using var screen = await shortLived.OpenAsync(through: relay.Url);
            await screen.SignInAsync();
            await IsConnectedAsync(screen);
            relay.Cut();
            await UntilTheTokenHasEndedAsync(screen);
            var renewals = 0;
            screen.Page.RequestFailed += (_, request) => renewals += request.Url.EndsWith("/api/auth/refresh", StringComparison.Ordinal) ? 1 : 0;
            while (renewals < 2)
            {
                await screen.Page.WaitForTimeoutAsync(200);
            }

            await Assertions.Expect(screen.Badge).ToHaveTextAsync("Reconnecting…");
            // Back, but with no time for a renewal at first.
            var refusals = 0;
            await screen.Page.RouteAsync("**/api/auth/refresh", route => refusals++ < 2
                ? route.FulfillAsync(new() { Status = refusals == 1 ? 503 : 429, Headers = [new("Retry-After", "1")] })
                : route.ContinueAsync());
            relay.Restore();

            await IsConnectedAsync(screen);
            Assert.True(refusals > 2);
            await Assertions.Expect(screen.Page.Locator("#login-form")).ToBeHiddenAsync();
        }
        finally
        {
            await shortLived.DisposeAsync();
        }
    }

    [BrowserFact]
    public async Task Planner_IsToldWhoSeesTheHistory_AndTheBrowserComplainsOfNothing()
    {
        var (_, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenAsync();
        await screen.SignInAsync(email: await host.CreateUserAsync("planner"));
        await screen.IsLiveAsync();

        await screen.ChooseAsync(plate);

        await screen.Page.Locator("#panel-history").HasTextAsync("audit\\.read");
        await Assertions.Expect(screen.Action("drive")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Page.Locator("#runtime")).ToBeHiddenAsync();
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Session_ThatEnds_TakesItsDialogsAndDraftsWithIt()
    {
        var job = await host.NewJobAsync();
        var thread = await Work.IdAsync(host, "/api/threads", new { entityType = "order", entityId = job.Order, channel = "portal", businessEntity = "chargecars", subject = "Vraag" });
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/berichten?sel=gesprek:{thread}");
        await Assertions.Expect(screen.Page.Locator("#thread-title")).ToHaveTextAsync("Vraag");
        await screen.Page.FillAsync("#composer-text", "Van wie dit schreef.");
        await screen.Page.ClickAsync("#palette-open");
        await Assertions.Expect(screen.Page.Locator("#chooser")).ToBeVisibleAsync();
        var other = await screen.Page.Context.NewPageAsync();
        await other.GotoAsync(host.Url.ToString());

        await other.ClickAsync("#leave");

        await Assertions.Expect(screen.Page.Locator("#email")).ToBeVisibleAsync();
        Assert.Equal(0, await screen.Page.Locator("dialog[open]").CountAsync());
        await other.CloseAsync();
        await screen.SignInAsync(email: await host.CreateUserAsync("manager"));
        await screen.IsLiveAsync();
        await Assertions.Expect(screen.Page.Locator("#thread-title")).ToHaveTextAsync("Vraag");
        Assert.Equal(0, await screen.Page.Locator("dialog[open]").CountAsync());
        Assert.Equal("", await screen.Page.InputValueAsync("#composer-text"));
    }

    [BrowserFact]
    public async Task Runtime_OpensTheDashboard()
    {
        await using var screen = await host.OpenSignedInAsync();

        var dashboard = await screen.Page.Context.RunAndWaitForPageAsync(() => screen.Page.ClickAsync("#runtime"));

        // It adds a route of its own behind a #, sooner or later.
        await Assertions.Expect(dashboard).ToHaveURLAsync(new Regex("/dashboard/"));
        await Assertions.Expect(dashboard.Locator("body")).ToContainTextAsync("Silos");
    }

    private static async Task UntilTheTokenHasEndedAsync(DispatchPage screen)
    {
        while (!await screen.Page.EvaluateAsync<bool>($"Date.parse({Tokens}.expiresAt) < Date.now() - 500"))
        {
            await screen.Page.WaitForTimeoutAsync(200);
        }
    }

    /// <summary>Live, or live again: a connection ends with the token that it was made with.</summary>
    private static Task IsConnectedAsync(DispatchPage screen) =>
        Assertions.Expect(screen.Badge).ToHaveAttributeAsync("data-state", new Regex("^(live|resumed)$"));

    private async Task<Totp> EnableTwoFactorAsync(string email)
    {
        using var http = new HttpClient { BaseAddress = host.Url };
        using var login = await http.PostAsJsonAsync("/api/auth/login", new { email, password = RunningHost.Password });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await BodyAsync(login)).GetProperty("accessToken").GetString());
        using var setup = await http.PostAsync("/api/auth/two-factor/setup", null);
        var totp = new Totp(Base32Encoding.ToBytes((await BodyAsync(setup)).GetProperty("secret").GetString()));
        using var enabled = await http.PostAsJsonAsync("/api/auth/two-factor/enable", new { password = RunningHost.Password, code = totp.ComputeTotp() });
        enabled.EnsureSuccessStatusCode();
        return totp;
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
