using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

[Collection(DeskCollection.Name)]
public sealed class LoginTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Login_WrongPassword_IsToldAndLetsNobodyIn()
    {
        await using var screen = await host.OpenAsync();

        await screen.SignInAsync("wrong");

        await screen.Page.Locator("#login-fault").HasTextAsync("not right");
        await Assertions.Expect(screen.Page.Locator("#app")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task Login_Reload_KeepsTheSession_SignOutEndsIt()
    {
        await using var screen = await host.OpenSignedInAsync();

        await screen.Page.ReloadAsync();
        await screen.IsLiveAsync();
        await screen.Page.ClickAsync("#leave");
        await Assertions.Expect(screen.Page.Locator("#login-form")).ToBeVisibleAsync();
        await screen.Page.ReloadAsync();

        await Assertions.Expect(screen.Page.Locator("#login-form")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task SignedIn_BrowserComplainsOfNothing()
    {
        var (id, _) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.1, 5.1);
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.WaitForFunctionAsync("document.querySelector('.maplibregl-canvas')");
        await host.FixAsync(id, 52.1001, 5.1);

        await screen.Page.Locator("#van-count").HasTextAsync("van");
        Assert.Empty(screen.Faults);
    }
}
