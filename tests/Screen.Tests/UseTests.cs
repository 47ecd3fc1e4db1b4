using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>In both languages, with the keyboard alone, on a phone.</summary>
[Collection(ScreenCollection.Name)]
public sealed class UseTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Language_IsTheBrowsers_UntilItIsSwitched_AndIsKept()
    {
        await using var screen = await host.OpenAsync(locale: "nl-NL");
        await Assertions.Expect(screen.Page.Locator("#login-button")).ToHaveTextAsync("Inloggen");
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        await Assertions.Expect(screen.Page.Locator("#filter-status [data-status=driving]")).ToContainTextAsync("Rijdt");

        await screen.Page.ClickAsync(".bar [data-switch=language]");

        await Assertions.Expect(screen.Page.Locator("#filter-status [data-status=driving]")).ToContainTextAsync("Driving");
        await Assertions.Expect(screen.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await screen.Page.ReloadAsync();
        await Assertions.Expect(screen.Page.Locator("#events-title")).ToHaveTextAsync("Events");
    }

    [BrowserFact]
    public async Task Keyboard_Alone_FindsOpensAndClosesAVan()
    {
        var (_, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        var keyboard = screen.Page.Keyboard;

        await screen.Page.Locator("#replay-open").FocusAsync();
        await keyboard.PressAsync("/");
        await Assertions.Expect(screen.Page.Locator("#search")).ToBeFocusedAsync();
        await keyboard.TypeAsync(plate);
        await Assertions.Expect(screen.Rows).ToHaveCountAsync(1);
        await FocusByTabAsync(screen, "van-list");
        await keyboard.PressAsync("ArrowDown");
        await keyboard.PressAsync("Enter");

        await Assertions.Expect(screen.Page.Locator("#panel-plate")).ToHaveTextAsync(plate);
        await Assertions.Expect(screen.Page.Locator("#panel-plate")).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(screen.Panel).ToBeHiddenAsync();
        await Assertions.Expect(screen.Page.Locator("#van-list")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task ScreenReader_EveryControl_HasAName()
    {
        var (_, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await Assertions.Expect(screen.Action("drive")).ToBeVisibleAsync();
        await screen.Page.ClickAsync("#replay-open");

        var nameless = await screen.Page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll('button, input, select, a, [role=listbox], canvas')]
              .filter(element => element.checkVisibility() && !element.closest('[aria-hidden=true]'))
              .filter(element => !(element.getAttribute('aria-label') || element.getAttribute('aria-labelledby')
                || element.textContent.trim() || element.labels?.length))
              .map(element => element.outerHTML)
            """);

        Assert.Empty(nameless);
    }

    [BrowserFact]
    public async Task Phone_ShowsOneThingAtATime_AndNothingIsCutOff()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.3, 4.9);
        await using var screen = await host.OpenSignedInAsync(width: 390, height: 844);
        await Assertions.Expect(screen.Page.Locator("#search")).ToBeHiddenAsync();

        await screen.Page.ClickAsync("#tab-fleet");
        await screen.ChooseAsync(plate);

        await Assertions.Expect(screen.Panel).ToBeVisibleAsync();
        await Assertions.Expect(screen.Page.Locator("#search")).ToBeHiddenAsync();
        Assert.Equal(390, await screen.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await screen.Page.ClickAsync("#panel-close");
        await screen.Page.ClickAsync("#tab-events");
        await Assertions.Expect(screen.Events).ToBeVisibleAsync();
    }

    private static async Task FocusByTabAsync(DispatchPage screen, string id)
    {
        for (var i = 0; i < 30 && await screen.Page.EvaluateAsync<string>("document.activeElement.id") != id; i++)
        {
            await screen.Page.Keyboard.PressAsync("Tab");
        }

        await Assertions.Expect(screen.Page.Locator($"#{id}")).ToBeFocusedAsync();
    }
}
