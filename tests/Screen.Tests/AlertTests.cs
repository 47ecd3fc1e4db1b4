using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>What needs somebody: raised by the server, shared by all who see to it, and there after a reload.</summary>
[Collection(ScreenCollection.Name)]
public sealed class AlertTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Alert_OfALateVisit_IsHeardTakenAndDone_ForAllWindows_AndStaysSoAfterAReload()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await using var screen = await host.OpenSignedInAsync();
        await using var colleague = await host.OpenSignedInAsync(locale: "nl-NL");
        foreach (var page in new[] { screen.Page, colleague.Page })
        {
            await page.ClickAsync("#views [data-view=alerts]");
        }

        var start = DateTimeOffset.UtcNow.AddMinutes(-40);
        await host.ActAsync($"visits/{job.Visit}", "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = crew.Van });

        var (mine, theirs) = (Alert(screen, job), Alert(colleague, job));
        await mine.HasTextAsync(@"4\d min late, expected \d\d:\d\d.*Hilversum");
        await theirs.HasTextAsync(@"4\d min te laat, verwacht \d\d:\d\d");
        await Assertions.Expect(mine).ToHaveAttributeAsync("data-tone", "bad");
        // It was raised while the page was open: it is told and heard, and counted in the window's name until it is seen.
        await screen.Page.Locator("body[data-chimes]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Assertions.Expect(screen.Page.Locator("#alert-spoken")).ToContainTextAsync("min late");
        await Assertions.Expect(mine).ToHaveAttributeAsync("data-unread", "false");
        await screen.Page.WaitForFunctionAsync("!document.title.startsWith('(')");
        Assert.True((await mine.BoundingBoxAsync())!.Height >= 44);

        await mine.Locator("[data-do=open]").FocusAsync();
        await screen.Page.Keyboard.PressAsync("r");
        await Assertions.Expect(mine).ToContainTextAsync("mine");
        await Assertions.Expect(theirs.Locator("[data-do=assign]")).ToHaveTextAsync("Geef terug");
        await screen.Page.Keyboard.PressAsync("s");
        await Assertions.Expect(mine).ToHaveCountAsync(0);
        await Assertions.Expect(theirs).ToHaveCountAsync(0);
        await screen.Page.Keyboard.PressAsync("Control+z");
        await Assertions.Expect(theirs).ToHaveCountAsync(1);

        await screen.Page.ReloadAsync();
        await screen.IsLiveAsync();
        await Assertions.Expect(mine).ToContainTextAsync("mine");
        await mine.Locator("[data-do=open]").ClickAsync();
        await Assertions.Expect(screen.Page.Locator("#work")).ToContainTextAsync(job.Customer);
        await mine.Locator("[data-do=open]").FocusAsync();
        await screen.Page.Keyboard.PressAsync("e");
        await Assertions.Expect(theirs).ToHaveCountAsync(0);
        await screen.Page.ReloadAsync();
        await screen.IsLiveAsync();
        await Assertions.Expect(screen.Page.Locator("#alerts")).ToBeVisibleAsync();
        await Assertions.Expect(mine).ToHaveCountAsync(0);
        Assert.Empty(screen.Faults);
    }

    private static ILocator Alert(DispatchPage screen, Work.Job job) =>
        screen.Page.Locator("#alerts [data-type=visit_late]").Filter(new() { HasText = job.Customer });
}
