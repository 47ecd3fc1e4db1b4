using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The host does not answer: nothing on the page passes for live.</summary>
[Collection(FleetCollection.Name)]
public sealed class OutageTests(ScreenHost host)
{
    /// <summary>Lets time pass on the reader's computer.</summary>
    private const string Shift =
        """
        const { now } = Date;
        Date.now = () => now() + (window.shift ?? 0);
        """;

    [BrowserFact]
    public async Task Outage_SaysSinceWhen_LetsTheVansGrowOld_AndOffersNothing()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.65, 5.15);
        await using var relay = new Relay(host.Url);
        await using var screen = await OpenAsync(relay);
        await screen.ChooseAsync(plate);
        var (bar, row, signal) = (screen.Page.Locator("#outage"), screen.Row(plate), screen.Page.Locator("#panel-signal"));
        var live = screen.Page.Locator("#filter-freshness [data-freshness=live] b");
        await Assertions.Expect(row).ToHaveAttributeAsync("data-freshness", "live");
        await Assertions.Expect(screen.Action("drive")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await Assertions.Expect(bar).ToBeHiddenAsync();

        relay.Cut();
        await screen.Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "No connection since" }).HasTextAsync(@"since \d\d:\d\d:\d\d$");
        await screen.Panel.Locator("#why-drive").HasTextAsync("there is no connection");
        await screen.Action("drive").ClickAsync(new() { Force = true });
        await Assertions.Expect(screen.Panel.Locator("form")).ToHaveCountAsync(0);
        Assert.Contains("grayscale", await screen.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('#map')).filter"), StringComparison.Ordinal);

        // The limits of the tests' host are one and two hours.
        await screen.Page.EvaluateAsync("window.shift = 61 * 60_000");
        await Assertions.Expect(row).ToHaveAttributeAsync("data-freshness", "stale");
        await bar.HasTextAsync("1 h");
        await screen.Page.EvaluateAsync("window.shift = 121 * 60_000");
        await Assertions.Expect(row).ToHaveAttributeAsync("data-freshness", "offline");
        await Assertions.Expect(signal).ToHaveTextAsync("Offline");
        await Assertions.Expect(live).ToHaveTextAsync("0");

        await screen.Page.EvaluateAsync("window.shift = 0");
        relay.Restore();
        await Assertions.Expect(bar).ToBeHiddenAsync();
        await Assertions.Expect(row).ToHaveAttributeAsync("data-freshness", "live");
        await Assertions.Expect(screen.Action("drive")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        Assert.Equal("none", await screen.Page.EvaluateAsync<string>("getComputedStyle(document.querySelector('#map')).filter"));
    }

    [BrowserFact]
    public async Task Form_OpenOverAnOutage_SaysWhatIsTrueAfterIt_AndKeepsWhatWasFilledIn()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var relay = new Relay(host.Url);
        await using var screen = await OpenAsync(relay);
        await screen.ChooseAsync(plate);
        await screen.Panel.Locator("#why-park").HasTextAsync("the status is parked");
        await screen.Action("drive").ClickAsync();
        await screen.Panel.Locator("[name=reason]").FillAsync("to the depot");

        relay.Cut();
        await screen.Panel.Locator("#why-drive").HasTextAsync("there is no connection");
        var confirm = screen.Panel.Locator("form [type=submit]");
        await Assertions.Expect(confirm).ToHaveAttributeAsync("aria-disabled", "true");
        await host.ActAsync(id, "drive");
        relay.Restore();

        await Assertions.Expect(screen.Page.Locator("#panel-status")).ToHaveTextAsync("Driving");
        await screen.Panel.Locator("#why-drive").HasTextAsync("the status is driving");
        await Assertions.Expect(confirm).ToHaveAttributeAsync("aria-disabled", "true");
        await Assertions.Expect(screen.Panel.Locator("[name=reason]")).ToHaveValueAsync("to the depot");
        await Assertions.Expect(screen.Action("park")).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await Assertions.Expect(screen.Panel).Not.ToContainTextAsync("the status is parked");
    }

    private async Task<DispatchPage> OpenAsync(Relay relay)
    {
        var screen = await host.OpenAsync(through: relay.Url, script: Shift);
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        return screen;
    }
}
