using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

[Collection(FleetCollection.Name)]
public sealed class ReplayTests(ScreenHost host)
{
    // 100 pixels at zoom 12.5, to which a van that is chosen is brought from farther out.
    private const double Step = 100 * 360 / (512 * 5792.618);

    [BrowserFact]
    public async Task Replay_OfAPastMoment_ShowsTheVanWhereItWas_AndLeadsBackToNow()
    {
        await host.CreateVanAtAsync(50.85, 5.7);
        var (id, plate) = await host.CreateVanAsync();
        var now = DateTimeOffset.UtcNow;
        await host.FixAsync(id, 52.5, 5.3, now.AddMinutes(-12));
        await host.FixAsync(id, 52.5, 5.3 + Step, now.AddMinutes(-8));
        await host.FixAsync(id, 52.5, 5.3 + 2 * Step, now);
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.ChooseAsync(plate);
        await PlaceIsAsync(screen, 5.3 + 2 * Step);
        // The map is wider without the panel, and keeps its middle.
        await screen.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(screen.Panel).ToBeHiddenAsync();
        var map = await screen.MapAsync();
        await screen.FindsAsync(plate, map.Width / 2, map.Height / 2);

        // It opens ten minutes ago: 200 pixels to the left of where the van is now.
        await screen.Page.ClickAsync("#replay-open");
        await screen.FindsAsync(plate, map.Width / 2 - 200, map.Height / 2, closes: false);
        await PlaceIsAsync(screen, 5.3);
        await screen.Page.FillAsync("#replay-date", Local(now.AddMinutes(-6)));
        await PlaceIsAsync(screen, 5.3 + Step);

        await screen.Page.ClickAsync("#replay-close");
        await Assertions.Expect(screen.Page.Locator("#replay-bar")).ToBeHiddenAsync();
        await PlaceIsAsync(screen, 5.3 + 2 * Step);
        await screen.Page.ClickAsync("#panel-close");
        await screen.FindsAsync(plate, map.Width / 2, map.Height / 2);
    }

    [BrowserFact]
    public async Task Replay_Running_DrivesTheVanOnItsWay_AndStopsIt()
    {
        var (id, plate) = await host.CreateVanAsync();
        var now = DateTimeOffset.UtcNow;
        for (var minute = 12; minute >= 2; minute--)
        {
            await host.FixAsync(id, 52.5, LongitudeOf(minute), now.AddMinutes(-minute));
        }

        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await screen.Page.ClickAsync("#replay-open");
        await PlaceIsAsync(screen, LongitudesOf(12, 8));
        var begun = await MinuteAsync(screen);

        await screen.Page.SelectOptionAsync("#replay-rate", "30");
        await screen.Page.ClickAsync("#replay-play");

        // From fix to fix; whoever looks too late sees a later one.
        await PlaceIsAsync(screen, LongitudesOf(begun - 1, 2));
        await PlaceIsAsync(screen, LongitudesOf(await MinuteAsync(screen) - 1, 2));
        await screen.Page.ClickAsync("#replay-play");
        var stopped = await screen.Page.Locator("#replay-now").TextContentAsync();
        await screen.Page.WaitForTimeoutAsync(600);
        await Assertions.Expect(screen.Page.Locator("#replay-now")).ToHaveTextAsync(stopped!);
        await Assertions.Expect(screen.Page.Locator("#replay-fault")).ToBeEmptyAsync();
    }

    [BrowserFact]
    public async Task Replay_Running_AgesTheVans_AndTellsWhatASilentOneDid()
    {
        var (silent, silentPlate) = await host.CreateVanAtAsync(52.5, 5.3);
        var (fading, fadingPlate) = await host.CreateVanAsync();
        var now = DateTimeOffset.UtcNow;
        // Half a minute after the replay begins the one is stale, the other goes to maintenance.
        await host.FixAsync(fading, 52.6, 5.3, now.AddMinutes(-70).AddSeconds(30));
        await host.WasAsync(silent, "maintenance", now.AddMinutes(-10).AddSeconds(30));
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(silentPlate);
        await screen.Page.ClickAsync("#replay-open");
        var (status, signal) = (screen.Page.Locator("#panel-status"), screen.Page.Locator("#panel-signal"));
        await Assertions.Expect(status).ToHaveTextAsync("Parked");
        await Assertions.Expect(signal).ToHaveTextAsync("Offline");
        await screen.SearchAsync(fadingPlate);
        await Assertions.Expect(screen.Row(fadingPlate)).ToHaveAttributeAsync("data-freshness", "live");

        await screen.Page.SelectOptionAsync("#replay-rate", "10");
        await screen.Page.ClickAsync("#replay-play");

        await Assertions.Expect(status).ToHaveTextAsync("Maintenance");
        await Assertions.Expect(signal).ToHaveTextAsync("Offline");
        await Assertions.Expect(screen.Row(fadingPlate)).ToHaveAttributeAsync("data-freshness", "stale");
        await Assertions.Expect(screen.Page.Locator("#replay-fault")).ToBeEmptyAsync();
    }

    private static double LongitudeOf(int minute) => 5.3 - minute * 0.001;

    private static double[] LongitudesOf(int first, int last) => [.. Enumerable.Range(last, first - last + 1).Select(LongitudeOf)];

    /// <summary>How many minutes ago the van was where it is shown.</summary>
    private static async Task<int> MinuteAsync(DispatchPage screen)
    {
        var facts = await screen.Page.Locator("#panel-facts").TextContentAsync();
        return Enumerable.Range(2, 11).Single(minute => facts!.Contains(FormattableString.Invariant($"{LongitudeOf(minute):F5}"), StringComparison.Ordinal));
    }

    private static Task PlaceIsAsync(DispatchPage screen, params double[] longitudes) =>
        screen.Page.Locator("#panel-facts").HasTextAsync(
            $@"52\.50000, ({string.Join('|', longitudes.Select(value => FormattableString.Invariant($"{value:F5}").Replace(".", @"\.", StringComparison.Ordinal)))})");

    /// <summary>As the page's field takes a time; its clock is Amsterdam's.</summary>
    private static string Local(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam")).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
