using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The frame of the desk: its views, keys, the palette and what needs somebody; for all readers and sizes.</summary>
[Collection(DeskCollection.Name)]
public sealed class DeskFrameTests(ScreenHost host)
{
    private static readonly string[] Views = ["board", "day", "inbox", "calls", "alerts"];

    [BrowserFact]
    public async Task EveryView_HasNoFaultThatCanBeFoundByRule_InBothThemesAndLanguages()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await host.PlanAsync(job.Visit, 23, crew.Van);
        await host.NewJobAsync();
        await using var screen = await host.OpenSignedInAsync(still: true);
        foreach (var theme in (string[])["light", "dark"])
        {
            foreach (var view in Views)
            {
                await screen.Page.ClickAsync($"#views [data-view={view}]");
                await Assertions.Expect(screen.Page.Locator($"#views [data-view={view}]")).ToHaveAttributeAsync("aria-current", "page");
                if (view == "day")
                {
                    await Assertions.Expect(screen.Page.Locator(".line").First).ToBeVisibleAsync();
                }

                await AccessibilityTests.IsSoundAsync(screen, $"{theme} {view}");
            }

            await screen.Page.GotoAsync($"{host.Url}#/orders?sel=bezoek:{job.Visit}");
            await Assertions.Expect(screen.Page.Locator("#work-order .action").First).ToBeVisibleAsync();
            await AccessibilityTests.IsSoundAsync(screen, $"{theme} visit");
            await screen.Page.Keyboard.PressAsync("Escape");
            await screen.Page.ClickAsync("#theme");
        }

        await screen.Page.ClickAsync("[data-switch=language]:visible");
        await Assertions.Expect(screen.Page.Locator("#views [data-view=day]")).ToHaveTextAsync("Dag");
        await screen.Page.ClickAsync("#views [data-view=board]");
        await Assertions.Expect(screen.Page.Locator("[data-column=toPlan] h3")).ToContainTextAsync("Te plannen");
        Assert.Empty(screen.Faults);
    }

    [BrowserFact]
    public async Task Keys_LeadThroughTheViews_AndTheSheetListsThem()
    {
        await using var screen = await host.OpenSignedInAsync();
        foreach (var (key, view, word) in new[] { ("o", "board", "orders"), ("d", "day", "dag"), ("b", "inbox", "berichten"), ("t", "calls", "bellen"), ("m", "alerts", "meldingen"), ("k", "map", "kaart") })
        {
            await screen.Page.Keyboard.PressAsync("g");
            await screen.Page.Keyboard.PressAsync(key);
            await Assertions.Expect(screen.Page.Locator("body")).ToHaveAttributeAsync("data-view", view);
            await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex($"#/{word}"));
        }

        await screen.Page.GoBackAsync();
        await Assertions.Expect(screen.Page.Locator("body")).ToHaveAttributeAsync("data-view", "alerts");
        await screen.Page.Keyboard.PressAsync("?");
        await Assertions.Expect(screen.Page.Locator("#keys-list")).ToContainTextAsync("Assign the visit that is open");
    }

    [BrowserFact]
    public async Task Palette_FindsVansOrdersAndWhatThePageCanDo_ByKeyboardAlone()
    {
        var (job, van) = (await host.NewJobAsync(), await host.CreateVanAsync());
        var number = (await host.ReadAsync($"/api/orders/{job.Order}")).GetProperty("orderNumber").GetString()!;
        await using var screen = await host.OpenSignedInAsync();
        await screen.Page.Keyboard.PressAsync("Control+k");
        await screen.Page.Keyboard.TypeAsync(number);
        var found = screen.Page.Locator("#chooser-list [role=option]").Filter(new() { HasText = number });
        await Assertions.Expect(found.First).ToBeVisibleAsync();
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Page.Locator("#work-title")).ToHaveTextAsync(number);
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex($"sel=order:{job.Order}"));

        await screen.Page.Keyboard.PressAsync("Control+k");
        await screen.Page.Keyboard.TypeAsync(van.Plate);
        await Assertions.Expect(screen.Page.Locator("#chooser-list [role=option]").First).ToContainTextAsync(van.Plate);
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Page.Locator("#panel-plate")).ToHaveTextAsync(van.Plate);

        await screen.Page.Keyboard.PressAsync("Control+k");
        await screen.Page.Keyboard.TypeAsync("day schedule");
        await Assertions.Expect(screen.Page.Locator("#chooser-list [role=option]").First).ToContainTextAsync("Day schedule");
        await screen.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(screen.Page.Locator("body")).ToHaveAttributeAsync("data-view", "day");
    }

    [BrowserFact]
    public async Task VanRow_SaysWhoIsInIt_AndWhereItGoesNext_AndArriveOffersItsVisits()
    {
        var (job, crew) = (await host.NewJobAsync("Baarn"), await host.NewCrewAsync());
        await Work.IdAsync(host, $"/api/teams/{crew.Team}/members", new { contactId = job.Contact, role = "lead", skills = Array.Empty<string>(), validFrom = "2020-01-01" });
        await host.PlanAsync(job.Visit, 23, crew.Van);
        await using var screen = await host.OpenSignedInAsync();
        await screen.SearchAsync(crew.Plate);
        await screen.Row(crew.Plate).HasTextAsync("De Vries");
        await screen.Row(crew.Plate).HasTextAsync("→ 23:00 Baarn");
        await screen.Row(crew.Plate).ClickAsync();
        await Assertions.Expect(screen.Page.Locator("#panel-next")).ToContainTextAsync(job.Customer);

        await screen.Action("arrive").ClickAsync();
        var visit = screen.Panel.Locator("[name=visitId]");
        await Assertions.Expect(visit).ToHaveValueAsync($"{job.Visit}");
        await screen.Panel.Locator("form [type=submit]").ClickAsync();

        await Assertions.Expect(screen.Page.Locator("#panel-status")).ToHaveTextAsync("On site");
    }

    [BrowserFact]
    public async Task Phone_HasEveryViewInReach_WithTargetsForFingers()
    {
        var job = await host.NewJobAsync();
        await using var phone = await host.OpenSignedInAsync(width: 390, height: 844, still: true);
        foreach (var view in Views)
        {
            await phone.Page.ClickAsync($"#views [data-view={view}]");
            await Assertions.Expect(phone.Page.Locator("#desk")).ToBeVisibleAsync();
            Assert.True(await phone.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{view} is wider than the phone");
        }

        await phone.Page.GotoAsync($"{host.Url}#/orders?sel=bezoek:{job.Visit}");
        await Assertions.Expect(phone.Page.Locator("#work-customer")).ToContainTextAsync(job.Customer);
        var small = await phone.Page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll('#views button, #work button, .card-item')].filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 43.5)
              .map(element => `${element.getBoundingClientRect().height} ${element.outerHTML.slice(0, 90)}`)
            """);
        Assert.True(small.Length == 0, string.Join('\n', small));
        await phone.Page.ClickAsync("#work-close");
        await Assertions.Expect(phone.Page.Locator("#work")).ToBeHiddenAsync();
    }
}
