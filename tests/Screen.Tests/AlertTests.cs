using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>What needs somebody: raised by the server, shared by all who see to it, and there after a reload.</summary>
[Collection(DeskCollection.Name)]
public sealed class AlertTests(ScreenHost host)
{
    [BrowserFact(IsOfTheDay = true)]
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
        await mine.HasTextAsync(@"\b4\d min late, expected \d\d:\d\d.*Hilversum");
        await theirs.HasTextAsync(@"\b4\d min te laat, verwacht \d\d:\d\d");
        await Assertions.Expect(mine).ToHaveAttributeAsync("data-tone", "bad");
        // It was raised while the page was open: it is told and heard, and counted in the window's name until it is seen.
        await screen.Page.Locator("body[data-chimes]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await Assertions.Expect(screen.Page.Locator("#alert-spoken")).ToContainTextAsync("min late");
        await Assertions.Expect(mine).ToHaveAttributeAsync("data-unread", "false");
        await screen.Page.WaitForFunctionAsync("!document.title.startsWith('(')");
        Assert.True((await mine.BoundingBoxAsync())!.Height >= 44);

        await mine.Locator("[data-do=open]").FocusAsync();
        await screen.Page.Keyboard.PressAsync("r");
        await Assertions.Expect(Choices(screen).First).ToHaveTextAsync("I take it");
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(mine).ToContainTextAsync("mine");
        await Assertions.Expect(theirs).ToContainTextAsync("van mij");
        await Assertions.Expect(mine.Locator("[data-do=assign]")).ToBeFocusedAsync();
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

    [BrowserFact(IsOfTheDay = true)]
    public async Task Alerts_ThatCouldNotBeRead_AreReadAgain()
    {
        var (job, crew, fails) = (await host.NewJobAsync(), await host.NewCrewAsync(), true);
        var start = DateTimeOffset.UtcNow.AddMinutes(-40);
        await host.ActAsync($"visits/{job.Visit}", "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = crew.Van });
        await using var screen = await host.OpenAsync();
        await screen.Page.RouteAsync("**/api/alerts?**", route => fails ? route.FulfillAsync(new() { Status = 503 }) : route.ContinueAsync());
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        await screen.Page.ClickAsync("#views [data-view=alerts]");
        await Assertions.Expect(screen.Page.Locator("#alerts .reading-fault")).ToHaveCountAsync(1);

        fails = false;
        await Assertions.Expect(Alert(screen, job)).ToHaveCountAsync(1);
        await Assertions.Expect(screen.Page.Locator("#alerts .reading-fault")).ToHaveCountAsync(0);

        await Alert(screen, job).Locator("[data-do=done]").ClickAsync();
    }

    [BrowserFact(IsOfTheDay = true)]
    public async Task Alert_IsGivenToAColleague_ByName_AndBackToNobody()
    {
        var (job, crew, name) = (await host.NewJobAsync(), await host.NewCrewAsync(), $"Collega {Guid.NewGuid().ToString("N")[..6]}");
        var email = await host.CreateUserAsync("planner", name);
        await using var screen = await host.OpenSignedInAsync();
        await using var colleague = await host.OpenAsync();
        await colleague.SignInAsync(email: email);
        await colleague.IsLiveAsync();
        foreach (var page in new[] { screen.Page, colleague.Page })
        {
            await page.ClickAsync("#views [data-view=alerts]");
        }

        var start = DateTimeOffset.UtcNow.AddMinutes(-40);
        await host.ActAsync($"visits/{job.Visit}", "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = crew.Van });
        var (mine, theirs) = (Alert(screen, job), Alert(colleague, job));
        await mine.Locator("[data-do=assign]").ClickAsync();
        await screen.Page.Locator("#chooser-title").HasTextAsync(@"Who sees to this\?.*min late");
        await AccessibilityTests.IsSoundAsync(screen, "to whom an alert is given");
        await screen.Page.Keyboard.TypeAsync(name);
        await Assertions.Expect(Choices(screen)).ToHaveCountAsync(1);
        await screen.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(mine.Locator(".tag")).ToHaveTextAsync(name);
        await Assertions.Expect(theirs.Locator(".tag")).ToHaveTextAsync("mine");
        await theirs.Locator("[data-do=open]").FocusAsync();
        await colleague.Page.Keyboard.PressAsync("r");
        await Assertions.Expect(Choices(colleague).First).ToHaveTextAsync("Give back");
        await colleague.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(mine.Locator(".tag")).ToHaveCountAsync(0);
        await mine.Locator("[data-do=done]").ClickAsync();
        Assert.Empty(screen.Faults);
    }

    [BrowserFact(IsOfTheDay = true)]
    public async Task Sound_IsAsLoudAsThePersonWantsIt_OnEveryComputer()
    {
        var (loud, quiet) = (await host.NewJobAsync(), await host.NewJobAsync());
        var email = await host.CreateUserAsync("planner");
        await using var screen = await host.OpenAsync();
        await screen.SignInAsync(email: email);
        await screen.IsLiveAsync();
        await screen.Page.ClickAsync("#views [data-view=alerts]");
        var level = screen.Page.GetByLabel("Sound");
        await Assertions.Expect(level).ToHaveValueAsync("normal");
        await SetAsync("low");
        await LateAsync(loud);
        await Assertions.Expect(screen.Page.Locator("body")).ToHaveAttributeAsync("data-chime", "late low");

        // Another computer of the same person has the same; where it is off the alert is there, and read out, all the same.
        await SetAsync("off");
        await using var other = await host.OpenAsync();
        await other.SignInAsync(email: email);
        await other.IsLiveAsync();
        await other.Page.ClickAsync("#views [data-view=alerts]");
        await Assertions.Expect(other.Page.GetByLabel("Sound")).ToHaveValueAsync("off");
        await LateAsync(quiet);
        await Assertions.Expect(Alert(other, quiet)).ToHaveCountAsync(1);
        await Assertions.Expect(other.Page.Locator("#alert-spoken")).ToContainTextAsync(quiet.Customer);
        Assert.Null(await other.Page.GetAttributeAsync("body", "data-chimes"));

        Task<IResponse> SetAsync(string to) => screen.Page.RunAndWaitForResponseAsync(
            () => level.SelectOptionAsync(to), answer => answer.Request.Method == "PUT" && answer.Url.EndsWith("/api/me/preferences", StringComparison.Ordinal) && answer.Ok);

        async Task LateAsync(Work.Job job)
        {
            var (crew, start) = (await host.NewCrewAsync(), DateTimeOffset.UtcNow.AddMinutes(-40));
            await host.ActAsync($"visits/{job.Visit}", "schedule", new { scheduledStart = start, scheduledEnd = start.AddHours(1), vehicleId = crew.Van });
        }
    }

    private static ILocator Choices(DispatchPage screen) => screen.Page.Locator("#chooser-list [role=option]");

    private static ILocator Alert(DispatchPage screen, Work.Job job) =>
        screen.Page.Locator("#alerts [data-type=visit_late]").Filter(new() { HasText = job.Customer });
}
