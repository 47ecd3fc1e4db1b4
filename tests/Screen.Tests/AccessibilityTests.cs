using ChargeCars.Testing;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>For those who use no mouse, hear the page, or see it in colours of their own.</summary>
[Collection(FleetCollection.Name)]
public sealed class AccessibilityTests(ScreenHost host)
{
    private static readonly Lazy<string> Axe = new(() => File.ReadAllText(
        Path.Combine(Repository.Folder, "src", "Screen", "node_modules", "axe-core", "axe.min.js")));

    [BrowserFact]
    public async Task Page_InEachStateAndTheme_HasNoFaultThatCanBeFoundByRule()
    {
        var (id, plate) = await host.CreateVanAsync(new { maintenanceDue = "2020-01-01" });
        await host.FixAsync(id, 52.7, 5.8, DateTimeOffset.UtcNow.AddMinutes(-12));
        await host.FixAsync(id, 52.7, 5.8);
        await using var screen = await host.OpenAsync(still: true);
        await IsSoundAsync(screen, "login");
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        await host.ActAsync(id, "drive");
        await screen.ChooseAsync(plate);
        await screen.OpenEventsAsync();
        await screen.Action("maintain").ClickAsync();
        await Assertions.Expect(screen.EventsOf(id)).Not.ToHaveCountAsync(0);
        await Assertions.Expect(screen.Page.Locator("#panel-track button")).ToBeVisibleAsync();
        await screen.Page.Locator("#panel-history").HasTextAsync("Created");
        await IsSoundAsync(screen, "light");
        await screen.Page.ClickAsync("#theme");
        await IsSoundAsync(screen, "dark");
        await screen.Page.ClickAsync("#replay-open");
        await screen.Page.Locator("#panel-status").HasTextAsync("Parked");
        await IsSoundAsync(screen, "dark replay");
        await screen.Page.ClickAsync("#theme");
        await IsSoundAsync(screen, "replay");
    }

    [BrowserFact]
    public async Task Desk_InDutchOnADeskAndOnAPhone_HasNoFaultThatCanBeFoundByRule()
    {
        var (job, crew, digits, id) = (await host.NewJobAsync(), await host.NewCrewAsync(), Work.NewDigits(), $"{Random.Shared.NextInt64(1_000_000_000)}");
        await Work.IdAsync(host, "/api/phone-numbers", new { phoneNumber = digits, contactId = job.Contact });
        await host.PlanAsync(job.Visit, 23, crew.Van);
        var thread = await Work.IdAsync(host, "/api/threads", new { entityType = "order", entityId = job.Order, channel = "portal", businessEntity = "chargecars", subject = "Vraag", customerContactId = job.Contact });
        foreach (var isNote in new[] { true, false })
        {
            await Work.IdAsync(host, $"/api/threads/{thread}/messages", new { bodyText = "Wij komen om tien uur.", isNote });
        }

        foreach (var (width, height) in new[] { (1440, 900), (390, 844) })
        {
            await using var screen = await host.OpenSignedInAsync(width, height, locale: "nl-NL", still: true);
            var page = screen.Page;
            // A phone has the desk's colours: its sizes are looked at once.
            foreach (var theme in width > 1000 ? new[] { "light", "dark" } : ["light"])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light });
                await page.EvaluateAsync($"document.documentElement.dataset.theme = '{theme}'");
                foreach (var view in new[] { "orders", "dag", "berichten", "bellen", "meldingen" })
                {
                    await page.GotoAsync($"{host.Url}#/{view}");
                    await IsSoundAsync(screen, $"{width} {theme} {view}");
                }

                await page.GotoAsync($"{host.Url}#/berichten?sel=gesprek:{thread}");
                await Assertions.Expect(page.Locator("#thread-messages [data-message]")).ToHaveCountAsync(2);
                await IsSoundAsync(screen, $"{width} {theme} conversation");
                await page.GotoAsync($"{host.Url}#/orders?sel=bezoek:{job.Visit}");
                await Assertions.Expect(page.Locator("#work-customer")).ToContainTextAsync(job.Customer);
                await host.CallAsync("call.created", id + width + theme, digits, DateTimeOffset.UtcNow);
                var card = page.Locator(".call-card").Filter(new() { Has = page.Locator("[data-state=ringing], .call-visit") }).First;
                await Assertions.Expect(card).ToBeVisibleAsync();
                await IsSoundAsync(screen, $"{width} {theme} call");
                await host.CallAsync("call.ended", id + width + theme, digits, DateTimeOffset.UtcNow, isOver: true);
                await page.EvaluateAsync("document.querySelector('#keys-open').click()");
                await Assertions.Expect(page.Locator("#keys")).ToBeVisibleAsync();
                await IsSoundAsync(screen, $"{width} {theme} keys");
                await page.Keyboard.PressAsync("Escape");
            }
        }
    }

    [BrowserFact]
    public async Task Panel_Closed_LeavesTheReaderSomewhere_OnAPhoneToo()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.7, 5.7);
        await using var wide = await host.OpenSignedInAsync();
        await wide.ChooseAsync(plate);
        await wide.Page.FocusAsync("#search");
        await wide.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(wide.Page.Locator("#search")).ToHaveValueAsync("");
        await Assertions.Expect(wide.Panel).ToBeVisibleAsync();
        await wide.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(wide.Panel).ToBeHiddenAsync();
        await Assertions.Expect(wide.Page.Locator("#search")).ToBeFocusedAsync();

        await using var phone = await host.OpenSignedInAsync(width: 390, height: 844);
        await phone.Page.ClickAsync("#tab-fleet");
        await phone.ChooseAsync(plate);
        await phone.Page.ClickAsync("#panel-close");
        await Assertions.Expect(phone.Page.Locator("#tab-map")).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Count_IsSpokenWhenTheReaderFilters_NotWheneverAVanChanges()
    {
        var mark = Guid.NewGuid().ToString("N")[..8];
        var (id, _) = await host.CreateVanAsync(new { vehicleName = mark });
        await using var screen = await host.OpenSignedInAsync();
        var spoken = screen.Page.GetByRole(AriaRole.Status).And(screen.Page.Locator("#van-count-spoken"));
        await screen.SearchAsync(mark);
        await screen.Page.ClickAsync("#filter-status [data-status=parked]");
        await spoken.HasTextAsync("^1 of");

        await host.ActAsync(id, "drive");

        await screen.Page.Locator("#van-count").HasTextAsync("^0 of");
        await spoken.HasTextAsync("^1 of");
        await Assertions.Expect(screen.Page.GetByRole(AriaRole.Status).And(screen.Page.Locator("#van-count"))).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task ForcedColors_StillTellWhatIsChosenAndOfWhatStatus()
    {
        var (_, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenAsync(colors: ForcedColors.Active);
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        await screen.Page.ClickAsync("#filter-status [data-status=parked]");
        await screen.ChooseAsync(plate);

        var same = await screen.Page.EvaluateAsync<string[]>(
            """
            [['[data-status=parked].chip', '[data-status=driving].chip', 'backgroundColor'], ['.row[aria-selected=true]', '#van-list', 'backgroundColor'],
             ['.row .dot', '.row', 'backgroundColor'], ['.badge .dot', '.badge', 'backgroundColor']]
              .filter(([one, other, property]) =>
                getComputedStyle(document.querySelector(one))[property] === getComputedStyle(document.querySelector(other))[property])
              .map(([one]) => one)
            """);

        Assert.Empty(same);
        Assert.True(await screen.Page.EvaluateAsync<bool>(
            "(row => getComputedStyle(row.querySelector('.status')).color === getComputedStyle(row).color)(document.querySelector('.row[aria-selected=true]'))"));
    }

    [BrowserFact]
    public async Task ForcedColors_StillTellTheReplayAnOutageAndWhatIsRefusedOrOff()
    {
        var (_, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenAsync(colors: ForcedColors.Active);
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        await screen.ChooseAsync(plate);
        await Assertions.Expect(screen.Action("drive")).ToBeVisibleAsync();
        await IsSoundAsync(screen, "forced colours");
        Assert.True(await screen.Page.EvaluateAsync<bool>(
            "getComputedStyle(document.querySelector('.action[aria-disabled=true]')).color !== getComputedStyle(document.querySelector('#panel')).color"));
        await screen.Page.ClickAsync("#replay-open");
        await Assertions.Expect(screen.Page.Locator("body.replaying")).ToBeVisibleAsync();

        var faint = await screen.Page.EvaluateAsync<string[]>(
            """
            (() => {
              const style = (selector, part) => getComputedStyle(document.querySelector(selector), part);
              const [outage, search] = [document.querySelector('#outage'), document.querySelector('#search')];
              const before = style('#search').borderTopWidth;
              outage.hidden = false;
              search.setAttribute('aria-invalid', 'true');
              return [
                ['the replay\'s frame', style('.stage', '::after').borderTopWidth === '4px'],
                ['an outage', style('#outage').borderTopWidth === '2px'],
                ['a refused field', style('#search').borderTopWidth !== before],
                ['the pressed tool', style('#replay-open').backgroundColor !== style('#theme').backgroundColor],
              ].filter(([, isTold]) => !isTold).map(([what]) => what);
            })()
            """);

        Assert.Empty(faint);
    }

    [BrowserFact]
    public async Task Controls_HaveBordersThatCanBeSeen_InBothThemes()
    {
        var (_, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await Assertions.Expect(screen.Action("drive")).ToBeVisibleAsync();
        await screen.Action("drive").ClickAsync();
        await screen.Page.ClickAsync("#replay-open");
        await screen.Page.ClickAsync("#replay-close");
        await Assertions.Expect(screen.Action("drive")).ToBeVisibleAsync();

        var job = await host.NewJobAsync();
        await Work.IdAsync(host, "/api/threads", new { entityType = "order", entityId = job.Order, channel = "internal", businessEntity = "chargecars", subject = "Randen" });
        foreach (var theme in (string[])["light", "dark"])
        {
            await Assertions.Expect(screen.Page.Locator("html")).ToHaveAttributeAsync("data-theme", theme);
            // The van that is open on the map; then the rows, and the cards or rows, of the desk.
            foreach (var view in (string?[])[theme == "light" ? null : "kaart", "berichten", "orders"])
            {
                if (view is not null)
                {
                    await screen.Page.GotoAsync($"{host.Url}#/{view}");
                }

                if (view is "berichten" or "orders")
                {
                    await Assertions.Expect(screen.Page.Locator("#inbox .work-row:visible, #board [data-visit]:visible").First).ToBeVisibleAsync();
                }

                var faint = await screen.Page.EvaluateAsync<string[]>(
                    """
                    (() => {
                      const parts = colour => colour.match(/[\d.]+/g).map(Number);
                      const lightness = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
                        .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
                      const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                      const ground = element => {
                        for (; element; element = element.parentElement) {
                          const colour = parts(getComputedStyle(element).backgroundColor);
                          if (colour.length === 3 || colour[3] === 1) return colour;
                        }
                      };
                      return [...document.querySelectorAll('input:not([type=range], [type=checkbox]), select, .chip, .action:not([aria-disabled=true]), .map-tools, .card-item, .work-row')]
                        .filter(element => element.checkVisibility())
                        .map(element => [element, ratio(lightness(parts(getComputedStyle(element).borderTopColor)), lightness(ground(element.parentElement)))])
                        .filter(([, contrast]) => contrast < 3)
                        .map(([element, contrast]) => `${contrast.toFixed(2)} ${element.outerHTML.slice(0, 80)}`);
                    })()
                    """);
                Assert.True(faint.Length == 0, $"{theme} {view}\n{string.Join('\n', faint)}");
            }

            await screen.Page.ClickAsync("#theme");
        }
    }

    [BrowserFact]
    public async Task EnlargedTwice_NothingOfTheMapsButtonsIsCutOff()
    {
        var (_, plate) = await host.CreateVanAsync();
        // 1440 by 900.
        await using var screen = await host.OpenSignedInAsync(width: 720, height: 450);
        await screen.Page.ClickAsync("#tab-fleet");
        await screen.ChooseAsync(plate);

        var (tools, map) = ((await screen.Page.Locator(".map-tools").BoundingBoxAsync())!, await screen.MapAsync());

        Assert.True(tools.Y >= map.Y && tools.Y + tools.Height <= map.Y + map.Height, $"The buttons are at {tools.Y}, the map at {map.Y}.");
        Assert.Equal(720, await screen.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    internal static async Task IsSoundAsync(DispatchPage screen, string state)
    {
        await screen.Page.EvaluateAsync(Axe.Value);
        var faults = await screen.Page.EvaluateAsync<string[]>(
            """
            axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations.flatMap(({ id, nodes }) =>
              nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`)))
            """);
        Assert.True(faults.Length == 0, $"{state}\n{string.Join('\n', faults)}");
    }
}
