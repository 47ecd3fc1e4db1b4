using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>Windows that show one thing: for a second monitor, and for a screen on the wall.</summary>
[Collection(FleetCollection.Name)]
public sealed class OnlyWindowTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Wall_ShowsTheTimeFourTotalsThePlatesAndWhatNeedsSomebody()
    {
        var (id, _) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.1, 5.1);
        await host.ActAsync(id, "drive");
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await host.PlanAsync(job.Visit, 0.5, crew.Van);
        await using var screen = await host.OpenAsync(1920, 1080);
        await screen.Page.GotoAsync($"{host.Url}?only=wand");
        await screen.SignInAsync();
        var page = screen.Page;

        await page.Locator("#wall-clock").HasTextAsync("^\\d\\d:\\d\\d$");
        await Assertions.Expect(page.Locator("#wall-totals [data-total]")).ToHaveCountAsync(4);
        await page.Locator("[data-total=driving] dd").HasTextAsync("^[1-9]");
        await page.Locator("[data-total=tooLate] dd").HasTextAsync("^[1-9]");
        await page.Locator("#wall-alerts li[data-tone=bad]").First.HasTextAsync("late");
        foreach (var chrome in new[] { ".bar", ".fleet", ".events", ".tabs", ".map-tools" })
        {
            await Assertions.Expect(page.Locator(chrome)).ToBeHiddenAsync();
        }

        Assert.Equal(("20px", "none", 96f), (
            await page.EvalOnSelectorAsync<string>("#app", "app => getComputedStyle(app).fontSize"), await page.EvalOnSelectorAsync<string>("#map", "map => getComputedStyle(map).cursor"),
            (await page.Locator("#wall-band").BoundingBoxAsync())!.Height));
        await AccessibilityTests.IsSoundAsync(screen, "The wall");
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Window_OfOneView_ShowsItAlone()
    {
        foreach (var (only, shown) in new[] { ("map", "#map"), ("dag", "#schedule"), ("orders", "#board") })
        {
            await using var screen = await host.OpenAsync();
            await screen.Page.GotoAsync($"{host.Url}?only={only}#/berichten");
            await screen.SignInAsync();

            await Assertions.Expect(screen.Page.Locator(shown)).ToBeVisibleAsync();
            await Assertions.Expect(screen.Page.Locator(".bar")).ToBeHiddenAsync();
            await Assertions.Expect(screen.Page.Locator(".fleet")).ToBeHiddenAsync();
            // Another view is not to be had there.
            await screen.Page.Keyboard.PressAsync("g");
            await screen.Page.Keyboard.PressAsync("b");
            await Assertions.Expect(screen.Page.Locator(shown)).ToBeVisibleAsync();
            await Assertions.Expect(screen.Page.Locator("#inbox")).ToBeHiddenAsync();
            await AccessibilityTests.IsSoundAsync(screen, $"The window of {only}");
        }
    }

    [BrowserFact]
    public async Task Window_OpenedFromTheDesk_HasItsSession_AndTheirChoicesFollowEachOther()
    {
        var (van, plate) = await host.CreateVanAtAsync(52.15, 5.2);
        var (other, otherPlate) = await host.CreateVanAtAsync(52.16, 5.3);
        await using var desk = await host.OpenSignedInAsync();
        var map = await desk.Page.RunAndWaitForPopupAsync(() => desk.Page.ClickAsync("#window-open"));
        await Assertions.Expect(map.Locator("canvas.vans")).ToHaveCountAsync(1);
        await Assertions.Expect(map).ToHaveURLAsync(new Regex("\\?only=map#/kaart"));
        await Assertions.Expect(map.Locator("#login")).ToBeHiddenAsync();
        await Assertions.Expect(map.Locator("#badge")).ToHaveAttributeAsync("data-state", "live");

        await desk.ChooseAsync(plate);
        await Assertions.Expect(map).ToHaveURLAsync(new Regex($"sel=bus:{van}"));
        await desk.ChooseAsync(otherPlate);
        await Assertions.Expect(map).ToHaveURLAsync(new Regex($"sel=bus:{other}"));

        // The other way round: the last one closes what is open.
        await map.Keyboard.PressAsync("Escape");
        await Assertions.Expect(desk.Page.Locator("#panel")).ToBeHiddenAsync();
        await map.CloseAsync();
    }
}
