using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

[Collection(FleetCollection.Name)]
public sealed class MapTests(ScreenHost host)
{
    // At zoom 12.5 and 52° north one pixel is 8.3 m: this is 100 pixels to the east.
    private const double Latitude = 52.0;
    private const double Step = 100 * 360 / (512 * 5792.618);

    [BrowserFact]
    public async Task Fix_Posted_MovesTheVanOnTheMap()
    {
        // The other end of the country: so the map starts far out, and goes to 12.5 with the van.
        await host.FixAsync((await host.CreateVanAsync()).Id, 50.85, 5.7);
        var (id, plate) = await host.CreateVanAsync();
        // Long enough ago that the way to the next one can be driven.
        await host.FixAsync(id, Latitude, 5.5, DateTimeOffset.UtcNow.AddMinutes(-2));
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.ChooseAsync(plate);
        await screen.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(screen.Panel).ToBeHiddenAsync();
        var map = await screen.MapAsync();
        var (here, there) = ((X: map.Width / 2, Y: map.Height / 2), (X: map.Width / 2 + 100, Y: map.Height / 2));
        await screen.FindsAsync(plate, here.X, here.Y);
        var (hereBefore, thereBefore) = (await screen.PictureAsync(here.X, here.Y), await screen.PictureAsync(there.X, there.Y));

        await host.FixAsync(id, Latitude, 5.5 + Step);

        await screen.FindsAsync(plate, there.X, there.Y);
        Assert.NotEqual(thereBefore, await screen.PictureAsync(there.X, there.Y));
        Assert.NotEqual(hereBefore, await screen.PictureAsync(here.X, here.Y));
    }

    [BrowserFact]
    public async Task PositionsTakenAway_LeaveNoMarkerWhereTheVanWas_AndPutItBackWhereItWasBefore()
    {
        await host.FixAsync((await host.CreateVanAsync()).Id, 50.85, 5.7);
        var (id, plate) = await host.CreateVanAsync();
        var now = DateTimeOffset.UtcNow;
        await host.FixAsync(id, 52.2, 5.5, now.AddHours(-1));
        await host.FixAsync(id, 52.2, 5.5 + Step, now.AddSeconds(-40));
        await host.FixAsync(id, 52.2, 5.5 + 2 * Step, now.AddSeconds(-15));
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.ChooseAsync(plate);
        var (facts, track) = (screen.Page.Locator("#panel-facts"), screen.Page.Locator("#panel-track"));
        await facts.HasTextAsync(FormattableString.Invariant($"{5.5 + 2 * Step:F5}"));
        await track.HasTextAsync("^[23] fixes");
        await screen.AsksForAsync("\"area\":{");

        await host.TakeAwayAsync(id, now.AddMinutes(-5), now);

        await facts.HasTextAsync(@"52\.20000, 5\.50000");
        await track.HasTextAsync("No fixes on this day");
        await screen.OpenEventsAsync();
        await Assertions.Expect(screen.EventsOf(id).Filter(new() { HasText = "Positions removed" })).ToHaveCountAsync(1);

        // Nothing is left of it, not even the place before.
        await host.TakeAwayAsync(id, now.AddHours(-2), now);
        await Assertions.Expect(facts).Not.ToContainTextAsync("Position");
        await facts.HasTextAsync("never");
    }
}
