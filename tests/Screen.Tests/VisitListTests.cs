using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The board as a list: in any order, with several visits chosen, and what is done with them told of each.</summary>
[Collection(DeskCollection.Name)]
public sealed class VisitListTests(ScreenHost host)
{
    [BrowserFact]
    public async Task List_IsSortedByItsColumns_AndTheAddressKnows()
    {
        var mark = $"Lijst{Guid.NewGuid().ToString("N")[..6]}";
        var (first, second) = (await host.NewJobAsync($"{mark} A"), await host.NewJobAsync($"{mark} B", 120));
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.GotoAsync($"{host.Url}#/orders?werk={mark}&als=kaarten");
        await Assertions.Expect(screen.Page.Locator(".card-item")).ToHaveCountAsync(2);
        await screen.Page.Locator("#board-manner").FocusAsync();
        await screen.Page.Keyboard.PressAsync("v");
        var rows = screen.Page.Locator(".visit-row");
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        Assert.Equal(36, (await rows.First.BoundingBoxAsync())!.Height);

        await screen.Page.ClickAsync("[data-sort=city]");
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex("als=lijst&orde=plaats"));
        await IsFirstAsync(screen, first.Visit);
        await screen.Page.ClickAsync("[data-sort=city]");
        await IsFirstAsync(screen, second.Visit);
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex("orde=-plaats"));
        await screen.Page.ReloadAsync();

        await IsFirstAsync(screen, second.Visit);
        await screen.Page.Locator($".visit-row[data-visit='{first.Visit}'] b").First.ClickAsync();
        await Assertions.Expect(screen.Page.Locator("#work-customer")).ToContainTextAsync(first.Customer);
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Paper_HasAllRows_InTheirOrder_AndNumbersAreWhole()
    {
        var job = await host.NewJobAsync();
        for (var i = 0; i < 30; i++)
        {
            await Work.IdAsync(host, $"/api/orders/{job.Order}/visits", new { visitType = "service", estimatedMinutes = 10 + i });
        }

        await using var screen = await host.OpenSignedInAsync();
        var page = screen.Page;
        await page.SetViewportSizeAsync(1440, 500);
        await page.GotoAsync($"{host.Url}#/orders?werk={Uri.EscapeDataString(job.Customer)}&als=lijst");
        await page.ClickAsync("[data-sort=minutes]");
        var rows = page.Locator(".visit-row");
        await Assertions.Expect(rows.First).ToBeVisibleAsync();
        Assert.InRange(await rows.CountAsync(), 1, 30);
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('.visit-row .card-number')].every(one => one.scrollWidth <= one.clientWidth)"));
        await screen.PrintAsync();

        await Assertions.Expect(rows).ToHaveCountAsync(31);
        await Assertions.Expect(rows.First).ToContainTextAsync("10 min");
        await Assertions.Expect(rows.Last).ToContainTextAsync("60 min");
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('.visit-rows').getBoundingClientRect().height >= 31 * 36"));
    }

    [BrowserFact]
    public async Task Many_ChosenByKeyboard_ArePlanned_EachWithItsOutcome_AndTakenBack()
    {
        var mark = $"Veel{Guid.NewGuid().ToString("N")[..6]}";
        var crew = await host.NewCrewAsync();
        var jobs = new[] { await host.NewJobAsync($"{mark} A"), await host.NewJobAsync($"{mark} B"), await host.NewJobAsync($"{mark} C") };
        // One of them is under way: it can't be moved, and says so. All on tomorrow, which has room for two at any hour of today.
        await host.PlanAsync(jobs[2].Visit, 24 + 7, crew.Van);
        await host.ActAsync($"visits/{jobs[2].Visit}", "depart");
        await using var screen = await host.OpenSignedInAsync();
        var page = screen.Page;
        await page.GotoAsync($"{host.Url}#/orders?dag={Work.Today(24 + 12):yyyy-MM-dd}&werk={mark}&als=lijst&orde=plaats");
        await Assertions.Expect(page.Locator(".visit-row")).ToHaveCountAsync(3);
        await page.Locator(".visit-rows").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("x");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await page.Keyboard.PressAsync("Shift+ArrowDown");
        await page.Locator(".many-bar b").HasTextAsync("3 chosen");
        await AccessibilityTests.IsSoundAsync(screen, "The list with what is chosen");
        await page.Keyboard.PressAsync("a");

        await Assertions.Expect(page.Locator("#many li[data-state=possible]")).ToHaveCountAsync(2);
        await page.Locator($"#many li[data-visit='{jobs[2].Visit}'] .outcome").HasTextAsync("can’t be moved");
        await page.SelectOptionAsync("#many-crew", crew.Team.ToString());
        await page.Locator("#many-state").HasTextAsync("2 possible, 1 not");
        await AccessibilityTests.IsSoundAsync(screen, "The dialog of the many");
        await page.ClickAsync("#many-go");
        await Assertions.Expect(page.Locator("#many li[data-state=done]")).ToHaveCountAsync(2);
        await page.Locator("#many li[data-state=done] .outcome").First.HasTextAsync("Planned on ");
        foreach (var job in jobs[..2])
        {
            Assert.Equal(("scheduled", crew.Team), await PlannedAsync(job.Visit));
        }

        await page.ClickAsync("#many-close");
        await page.Locator("#notice").HasTextAsync("2 of 3 done");
        await page.Locator("#notice .link").First.ClickAsync();
        await page.Locator("#notice").HasTextAsync("Undone");
        Assert.Equal("draft", (await PlannedAsync(jobs[0].Visit)).Status);
        Assert.Equal("draft", (await PlannedAsync(jobs[1].Visit)).Status);
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Many_PutOnHold_NeedsAReason_AndSaysWhatCannotBe()
    {
        var mark = $"Wacht{Guid.NewGuid().ToString("N")[..6]}";
        var (job, other) = (await host.NewJobAsync($"{mark} A"), await host.NewJobAsync($"{mark} B"));
        await host.ActAsync($"orders/{other.Order}", "hold", new { reason = "the customer asked" });
        await using var screen = await host.OpenSignedInAsync();
        var page = screen.Page;
        await page.GotoAsync($"{host.Url}#/orders?werk={mark}&als=lijst");
        await Assertions.Expect(page.Locator(".visit-row")).ToHaveCountAsync(2);
        await page.Locator(".visit-row .tick").First.ClickAsync();
        await page.Locator(".visit-row").Last.ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await page.ClickAsync("[data-many=hold]");

        await page.Locator("#many-state").HasTextAsync("1 possible, 1 not");
        await page.Locator($"#many li[data-visit='{other.Visit}'] .outcome").HasTextAsync("on hold");
        await page.ClickAsync("#many-go");
        await page.Locator("#many-state").HasTextAsync("required");
        await page.FillAsync("#many-reason", "the road is closed");
        await page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(page.Locator($"#many li[data-visit='{job.Visit}']")).ToHaveAttributeAsync("data-state", "done");
        Assert.Equal("on_hold", (await host.ReadAsync($"/api/orders/{job.Order}")).GetProperty("orderStatus").GetString());
    }

    private async Task<(string Status, Guid? Team)> PlannedAsync(Guid visit)
    {
        var read = await host.ReadAsync($"/api/visits/{visit}");
        return (read.GetProperty("status").GetString()!, read.TryGetProperty("teamId", out var team) && team.ValueKind == System.Text.Json.JsonValueKind.String ? team.GetGuid() : null);
    }

    private static Task IsFirstAsync(DispatchPage screen, Guid visit) =>
        Assertions.Expect(screen.Page.Locator(".visit-row[aria-posinset='1']")).ToHaveAttributeAsync("data-visit", $"{visit}");
}
