using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

[Collection(FleetCollection.Name)]
public sealed class PanelTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Panel_OfAVan_ShowsItsDetailsEquipmentAndTrack()
    {
        var (id, plate) = await host.CreateVanAsync(new
        {
            vehicleName = "Bus 12",
            brandModel = "VW e-Crafter",
            maintenanceDue = DateTime.UtcNow.AddDays(-3).ToString("yyyy-MM-dd"),
            insuranceExpiry = "2099-06-30",
            equipmentList = new { equipment = new[] { new { name = "Multimeter", category = "measurement", quantity = 2, condition = "needs_replacement" } } },
        });
        for (var i = 3; i >= 0; i--)
        {
            await host.FixAsync(id, 52.2 + i * 0.001, 5.2, DateTimeOffset.UtcNow.AddSeconds(-20 * i));
        }

        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);

        await screen.Panel.HasTextAsync("VW e-Crafter");
        await screen.Page.Locator("#panel-facts").HasTextAsync("Maintenance was due.*overdue");
        await screen.Page.Locator("#panel-equipment").HasTextAsync("2 × Multimeter.*Needs replacement");
        await screen.Page.Locator("#panel-track").HasTextAsync(@"4 fixes, 0\.3 km");
        await screen.Page.Locator("#panel-signal").HasTextAsync("Recent");
    }

    [BrowserFact]
    public async Task Track_GrowsAsTheVanMoves_AndMissesNothingOfAnOutage()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var relay = new Relay(host.Url);
        var start = DateTimeOffset.UtcNow.AddSeconds(-25);
        await host.FixAsync(id, 52.3, 5.2, start);
        await using var screen = await host.OpenSignedInAsync(through: relay.Url);
        await screen.ChooseAsync(plate);
        var track = screen.Page.Locator("#panel-track");
        await track.HasTextAsync("No fixes on this day");

        await host.FixAsync(id, 52.301, 5.2, start.AddSeconds(4));
        await track.HasTextAsync(@"^2 fixes, 0\.1 km");
        await host.FixAsync(id, 52.302, 5.2, start.AddSeconds(8));
        await track.HasTextAsync(@"^3 fixes, 0\.2 km");

        relay.Cut();
        await Assertions.Expect(screen.Badge).ToHaveTextAsync("Reconnecting…");
        await host.FixAsync(id, 52.302, 5.202, start.AddSeconds(12));
        await host.FixAsync(id, 52.304, 5.202, start.AddSeconds(16));
        relay.Restore();

        await track.HasTextAsync(@"^5 fixes, 0\.6 km");
    }

    [BrowserFact]
    public async Task Action_NotAllowed_SaysWhy_AndDoesNothing()
    {
        var (_, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);

        await Assertions.Expect(screen.Action("release")).ToHaveAttributeAsync("aria-disabled", "true");
        await screen.Panel.Locator("#why-release").HasTextAsync("the status is parked");
        await screen.Action("release").ClickAsync(new() { Force = true });

        await Assertions.Expect(screen.Panel.Locator("form")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task Action_Confirmed_ChangesPanelListAndEvents()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);

        await screen.Action("maintain").ClickAsync();
        await screen.Panel.Locator("[name=reason]").FillAsync("new tyres");
        await screen.Page.Keyboard.PressAsync("Enter");

        await screen.Page.Locator("#panel-status").HasTextAsync("Maintenance");
        await screen.Row(plate).HasTextAsync("Maintenance");
        await screen.OpenEventsAsync();
        await screen.EventsOf(id).First.HasTextAsync($"{plate}.*Parked → Maintenance");
        await Assertions.Expect(screen.Action("maintain")).ToHaveAttributeAsync("aria-disabled", "true");
    }

    [BrowserFact]
    public async Task Action_RefusedMeanwhile_ShowsTheServersReason()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var screen = await host.OpenSignedInAsync();
        await ActionTests.ForgetsWhatIsAllowedNowAsync(screen, id);
        await screen.ChooseAsync(plate);
        await screen.Action("drive").ClickAsync();
        await host.ActAsync(id, "maintain");
        await screen.Page.Locator("#panel-status").HasTextAsync("Maintenance");

        await screen.Panel.Locator("form button[type=submit]").ClickAsync();

        await screen.Panel.Locator("form .fault").HasTextAsync("maintenance");
    }

    [BrowserFact]
    public async Task Head_OfAVanThatIsOnItsWay_SaysWhenItArrives_AndItsRowHowFarFromWhichTownItIs()
    {
        var (job, crew) = (await host.NewJobAsync(), await host.NewCrewAsync());
        await host.PlanAsync(job.Visit, 23, crew.Van);
        await host.FixAsync(crew.Van, 52.75, 5.45);
        await using var screen = await host.OpenSignedInAsync();

        await screen.ChooseAsync(crew.Plate);

        await screen.Page.Locator("#panel-arrival").HasTextAsync(@"→ about \d\d:\d\d · Hilversum");
        await screen.Row(crew.Plate).HasTextAsync(@"\d+ km (N|NE|E|SE|S|SW|W|NW) of \w+");
    }
}
