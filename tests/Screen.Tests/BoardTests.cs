using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The order board, and the panel of a visit and its order.</summary>
[Collection(DeskCollection.Name)]
public sealed class BoardTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Visit_StandsInTheColumnOfItsStatus_AndGoesAlongWithIt()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#views [data-view=board]");
        await screen.Page.FillAsync("#sought", job.Customer);
        var card = screen.Page.Locator($".card-item[data-visit='{job.Visit}']");
        await Assertions.Expect(Column(screen, "toPlan").Locator(card)).ToHaveTextAsync(new Regex($"{job.Customer}.*Hilversum.*nobody yet", RegexOptions.Singleline));

        await host.PlanAsync(job.Visit, 23, crew.Van);
        await Assertions.Expect(Column(screen, "planned").Locator(card)).ToContainTextAsync(crew.Plate);
        await host.ActAsync($"visits/{job.Visit}", "confirm");
        await Assertions.Expect(Column(screen, "confirmed").Locator(card)).ToBeVisibleAsync();
        await host.ActAsync($"visits/{job.Visit}", "depart");
        await Assertions.Expect(Column(screen, "underWay").Locator(card)).ToBeVisibleAsync();
        await host.ActAsync($"visits/{job.Visit}", "arrive");
        await Assertions.Expect(Column(screen, "onSite").Locator(card)).ToBeVisibleAsync();
        await Assertions.Expect(Column(screen, "onSite").Locator("h3")).ToContainTextAsync("On site · 1");
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Filter_ThatNothingPasses_SaysSo_AndIsInTheAddress()
    {
        var job = await host.NewJobAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.ClickAsync("#views [data-view=board]");
        await screen.Page.FillAsync("#sought", "nobody of this name");
        await screen.Page.Locator("#board .none").HasTextAsync("None of \\d+ fits");
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex("#/orders\\?.*werk=nobody"));

        await screen.Page.FillAsync("#sought", job.Customer);
        await screen.Page.Locator($".card-item[data-visit='{job.Visit}']").ClickAsync();
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex($"sel=bezoek:{job.Visit}"));
        await screen.Page.ReloadAsync();

        await Assertions.Expect(screen.Page.Locator("#work-customer")).ToContainTextAsync(job.Customer);
        await Assertions.Expect(screen.Page.Locator("#sought")).ToHaveValueAsync(job.Customer);
        await Assertions.Expect(screen.Page.Locator(".card-item")).ToHaveCountAsync(1);
    }

    [BrowserFact]
    public async Task Panel_OffersWhatTheServerAllows_AndSaysWhyNotOfTheRest()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await host.PlanAsync(job.Visit, 23, crew.Van);
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/orders?sel=bezoek:{job.Visit}");
        var work = screen.Page.Locator("#work");
        await Assertions.Expect(work.Locator("#work-status")).ToHaveTextAsync("planned");
        await Assertions.Expect(work.Locator("#work-visit [data-action=confirm]")).ToBeVisibleAsync();
        await Assertions.Expect(work.Locator("#work-visit [data-action=complete]")).ToBeHiddenAsync();
        await work.Locator("#work-visit summary").ClickAsync();
        await work.Locator("#why-visitAction-complete").HasTextAsync("Not possible: the status is ");

        // A reason is asked for before the server would.
        await work.Locator("#work-visit [data-action=cancel]").ClickAsync();
        await work.Locator("form [type=submit]").ClickAsync();
        await work.Locator("form .field .fault").HasTextAsync("required");
        await work.Locator("form [name=reason]:visible").FillAsync("the customer moved");
        await screen.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(work.Locator("#work-status")).ToHaveTextAsync("cancelled");
        Assert.Equal("cancelled", (await host.ReadAsync($"/api/visits/{job.Visit}")).GetProperty("status").GetString());
    }

    [BrowserFact]
    public async Task Assign_ByKeyboard_OffersTheCrewsRanked_AndPlansTheVisit()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/orders?dag=2027-03-03&sel=bezoek:{job.Visit}");
        await Assertions.Expect(screen.Page.Locator("#work-assign")).ToBeVisibleAsync();
        await screen.Page.Keyboard.PressAsync("a");
        var found = screen.Page.Locator("#chooser-list [role=option]");
        await Assertions.Expect(found.First).ToBeVisibleAsync();
        await screen.Page.Keyboard.TypeAsync(crew.Name);
        await Assertions.Expect(found).ToHaveCountAsync(1);
        await screen.Page.Keyboard.PressAsync("Enter");

        await screen.Page.Locator("#notice").HasTextAsync($"Planned on {crew.Plate} at ");
        await Assertions.Expect(screen.Page.Locator("#work-status")).ToHaveTextAsync("planned");
        var planned = await host.ReadAsync($"/api/visits/{job.Visit}");
        Assert.Equal((crew.Team, "2027-03-03"), (planned.GetProperty("teamId").GetGuid(), planned.GetProperty("scheduledStart").GetString()![..10]));
    }

    [BrowserFact]
    public async Task TwoPeople_SeeOneMove()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await using var one = await host.OpenSignedInAsync();
        await using var other = await host.OpenSignedInAsync();
        foreach (var screen in (DispatchPage[])[one, other])
        {
            await screen.Page.GotoAsync($"{host.Url}#/orders?werk={Uri.EscapeDataString(job.Customer)}");
            await Assertions.Expect(Column(screen, "toPlan").Locator($"[data-visit='{job.Visit}']")).ToBeVisibleAsync();
        }

        await host.PlanAsync(job.Visit, 22, crew.Van);

        // How soon is measured by the bench of the screen.
        foreach (var screen in (DispatchPage[])[one, other])
        {
            await Assertions.Expect(Column(screen, "planned").Locator($"[data-visit='{job.Visit}']")).ToBeVisibleAsync();
        }
    }

    private static ILocator Column(DispatchPage screen, string name) => screen.Page.Locator($"[data-column={name}]");
}
