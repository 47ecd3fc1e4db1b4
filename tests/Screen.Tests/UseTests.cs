using ChargeCars.Tests.Hosting;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>In both languages, with the keyboard alone, on a phone.</summary>
[Collection(FleetCollection.Name)]
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
    public async Task Dutch_IsWhatTheServerTellsToo()
    {
        var (id, plate) = await host.CreateVanAsync(new { mileageKm = 80_000 });
        await host.ReviseAsync(id, new { mileageKm = 80_012, isAvailable = false });
        await using var screen = await host.OpenAsync(locale: "nl-NL");

        await screen.SignInAsync(password: "another one altogether");
        await Assertions.Expect(screen.Page.Locator("#login-fault")).ToHaveTextAsync("Het e-mailadres of het wachtwoord klopt niet.");
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        await ActionTests.ForgetsWhatIsAllowedNowAsync(screen, id);
        await screen.ChooseAsync(plate);
        await screen.Page.Locator("#panel-history").HasTextAsync(@"Gewijzigd: .*kilometerstand 80\.000 km → 80\.012 km");
        await screen.Page.Locator("#panel-history").HasTextAsync("beschikbaar ja → nee");

        await screen.Action("drive").ClickAsync();
        await host.ActAsync(id, "maintain");
        await screen.Page.Locator("#panel-status").HasTextAsync("Onderhoud");
        await screen.Panel.Locator("form button[type=submit]").ClickAsync();
        await Assertions.Expect(screen.Panel.Locator("form .fault")).ToHaveTextAsync("Kan niet: de status is onderhoud");
    }

    [BrowserFact]
    public async Task Keyboard_Alone_SignsInFindsAVanActsAndReturnsToItsRow()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenAsync();
        var keyboard = screen.Page.Keyboard;
        await Assertions.Expect(screen.Page.Locator("#email")).ToBeFocusedAsync();
        await keyboard.TypeAsync(RunningHost.Email);
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync(RunningHost.Password);
        await keyboard.PressAsync("Enter");
        await screen.IsLiveAsync();

        await keyboard.PressAsync("/");
        await Assertions.Expect(screen.Page.Locator("#search")).ToBeFocusedAsync();
        await keyboard.TypeAsync(plate);
        await Assertions.Expect(screen.Rows).ToHaveCountAsync(1);
        await keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(screen.Page.Locator("#van-list")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Page.Locator("#panel-plate")).ToHaveTextAsync(plate);
        await Assertions.Expect(screen.Page.Locator("#panel-plate")).ToBeFocusedAsync();

        await Assertions.Expect(screen.Action("maintain")).ToBeVisibleAsync();
        await TabToAsync(screen, "[data-action=maintain]");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Panel.Locator("[name=reason]")).ToBeFocusedAsync();
        await keyboard.TypeAsync("new tyres");
        await TabToAsync(screen, "#panel form [type=submit]");
        await keyboard.PressAsync("Enter");
        await screen.Page.Locator("#panel-status").HasTextAsync("Maintenance");
        // The actions are written anew, and the reader is where they were among them.
        await Assertions.Expect(screen.Action("maintain")).ToHaveAttributeAsync("aria-disabled", "true");
        await Assertions.Expect(screen.Action("maintain")).ToBeFocusedAsync();

        await keyboard.PressAsync("Escape");
        await Assertions.Expect(screen.Panel).ToBeHiddenAsync();
        await Assertions.Expect(screen.Page.Locator("#van-list")).ToBeFocusedAsync();
        await Assertions.Expect(screen.Page.Locator("#van-list")).ToHaveAttributeAsync("aria-activedescendant", $"van-{id}");
    }

    [BrowserFact]
    public async Task Keyboard_GoesFromVanToVan_AndOpensTheOnlyOneThatIsFound()
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        var plates = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            plates.Add((await host.CreateVanAsync(new { vehicleName = mark })).Plate);
        }

        plates.Sort(StringComparer.Ordinal);
        await using var screen = await host.OpenSignedInAsync();
        var (keyboard, open) = (screen.Page.Keyboard, screen.Page.Locator("#panel-plate"));
        await keyboard.PressAsync("/");
        await keyboard.TypeAsync(mark);
        await Assertions.Expect(screen.Rows).ToHaveCountAsync(3);

        await keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Page.Locator("#van-list")).ToBeFocusedAsync();
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(open).ToHaveTextAsync(plates[0]);
        await keyboard.PressAsync("j");
        await Assertions.Expect(open).ToHaveTextAsync(plates[1]);
        await Assertions.Expect(open).ToBeFocusedAsync();
        await keyboard.PressAsync("j");
        await Assertions.Expect(open).ToHaveTextAsync(plates[2]);
        await keyboard.PressAsync("j");
        await keyboard.PressAsync("k");
        await Assertions.Expect(open).ToHaveTextAsync(plates[1]);

        await keyboard.PressAsync("/");
        await keyboard.TypeAsync(plates[2]);
        await Assertions.Expect(screen.Rows).ToHaveCountAsync(1);
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(open).ToHaveTextAsync(plates[2]);
    }

    [BrowserFact]
    public async Task Keys_AreListed_AndThoseOfOneSignCanBeSwitchedOff()
    {
        var (_, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        var (keyboard, sheet) = (screen.Page.Keyboard, screen.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" }));

        await keyboard.PressAsync("?");
        await sheet.HasTextAsync("JThe next van of the list");
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(sheet).ToBeHiddenAsync();
        await Assertions.Expect(screen.Panel).ToBeVisibleAsync();

        await screen.Page.ClickAsync("#keys-open");
        await screen.Page.UncheckAsync("#keys-on");
        await screen.Page.ClickAsync("#keys-close");
        await screen.Page.ReloadAsync();
        await screen.IsLiveAsync();
        await keyboard.PressAsync("?");
        await keyboard.PressAsync("r");
        await Assertions.Expect(sheet).ToBeHiddenAsync();
        await Assertions.Expect(screen.Page.Locator("#replay-bar")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task ScreenReader_HearsOfWhatNeedsSomebody_AndOfNoPosition()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        var spoken = screen.Page.GetByRole(AriaRole.Status).And(screen.Page.Locator("#event-spoken"));
        await host.FixAsync(id, 52.4, 4.8);
        await host.ActAsync(id, "drive");
        await screen.OpenEventsAsync();
        await Assertions.Expect(screen.EventsOf(id).Filter(new() { HasText = "Driving" })).ToHaveCountAsync(1);
        await Assertions.Expect(spoken).Not.ToContainTextAsync(plate);

        await host.ActAsync(id, "maintain");

        await Assertions.Expect(spoken).ToContainTextAsync($"{plate} Driving → Maintenance");
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
        await host.FixAsync(id, 52.61, 5.61);
        await using var screen = await host.OpenSignedInAsync(width: 390, height: 844, still: true);
        await Assertions.Expect(screen.Page.Locator("#search")).ToBeHiddenAsync();

        await screen.Page.ClickAsync("#tab-fleet");
        await screen.ChooseAsync(plate);

        await Assertions.Expect(screen.Panel).ToBeVisibleAsync();
        await Assertions.Expect(screen.Page.Locator("#search")).ToBeHiddenAsync();
        Assert.Equal(390, await screen.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal(0, await screen.Page.EvaluateAsync<int>("(badge => badge.scrollWidth - badge.clientWidth)(document.querySelector('#badge-text'))"));
        var (stage, panel) = (await screen.MapAsync(), (await screen.Panel.BoundingBoxAsync())!);
        var tools = (await screen.Page.Locator(".map-tools").BoundingBoxAsync())!;
        Assert.True(stage.Height > 200 && stage.Y + stage.Height <= panel.Y, $"The map ends at {stage.Y + stage.Height}, the panel begins at {panel.Y}.");
        Assert.True(tools.Y >= stage.Y && tools.Y + tools.Height <= panel.Y, $"The map's buttons end at {tools.Y + tools.Height}.");
        await screen.ShowsAsync(195, stage.Height / 2);
        await screen.Page.ClickAsync("#panel-close");
        await screen.FindsAsync(plate, 195, (await screen.MapAsync()).Height / 2);
        await screen.Page.ClickAsync("#tab-events");
        await Assertions.Expect(screen.Events).ToBeVisibleAsync();
    }

    private static async Task TabToAsync(DispatchPage screen, string selector)
    {
        for (var i = 0; i < 30 && !await screen.Page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector); i++)
        {
            await screen.Page.Keyboard.PressAsync("Tab");
        }

        await Assertions.Expect(screen.Page.Locator(selector)).ToBeFocusedAsync();
    }
}
