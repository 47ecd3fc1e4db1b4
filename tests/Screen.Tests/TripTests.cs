using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>A van's day, and the van as it drives.</summary>
[Collection(DeskCollection.Name)]
public sealed class TripTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Trips_NewestFirst_AndTheOneThatIsChosenIsBroughtIntoView()
    {
        var (id, plate) = await host.CreateVanAsync();
        var noon = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(-1).AddHours(11), TimeSpan.Zero);
        // From Utrecht 9 km to the north, a stop, and 9 km on.
        var end = await host.DriveAsync(id, 52.09, 5.12, noon, 10, 12, 10, 12);
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.Page.GotoAsync($"{host.Url}#/kaart?sel=bus:{id}&moment={end:yyyy-MM-dd'T'HH:mm:ss}Z");
        await Assertions.Expect(screen.Page.Locator("#panel-plate")).ToHaveTextAsync(plate);
        var trips = screen.Panel.Locator(".trip");
        await Assertions.Expect(trips.Nth(3)).ToBeVisibleAsync();

        var begun = await trips.EvaluateAllAsync<string[]>("rows => rows.map(row => row.textContent.slice(0, 5))");
        Assert.Equal(begun.OrderDescending(StringComparer.Ordinal), begun);
        var first = trips.Filter(new() { HasText = "km" }).Last;
        await first.HasTextAsync("Utrecht → .*[89]\\.\\d km · (9|10) min");
        await trips.Filter(new() { HasText = "stop" }).Last.HasTextAsync("stop · 1\\d min");
        await first.ClickAsync();

        await Assertions.Expect(first).ToHaveAttributeAsync("aria-pressed", "true");
        // The middle of its way.
        await Assertions.Expect(screen.Page).ToHaveURLAsync(new Regex(@"&z=1[1-3][\d.]*/52\.1[2-4]\d*/5\.12"));
        await first.ClickAsync();
        await Assertions.Expect(first).ToHaveAttributeAsync("aria-pressed", "false");
    }

    [BrowserFact]
    public async Task Follow_KeepsTheVanInSight_UntilTheMapIsDragged()
    {
        await host.CreateVanAtAsync(50.85, 5.7);
        var (id, plate) = await host.CreateVanAsync();
        var now = DateTimeOffset.UtcNow;
        await host.FixAsync(id, 52.41, 5.45, now.AddMinutes(-9));
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.ChooseAsync(plate);
        var follow = screen.Page.Locator("#follow");
        await Assertions.Expect(follow).ToHaveAttributeAsync("aria-pressed", "true");
        await LooksAtAsync(52.41);

        // Farther than the map shows.
        await host.FixAsync(id, 52.46, 5.45, now.AddMinutes(-6));
        await LooksAtAsync(52.46);

        var map = await screen.MapAsync();
        await screen.Page.Mouse.MoveAsync(map.X + 300, map.Y + 300);
        await screen.Page.Mouse.DownAsync();
        await screen.Page.Mouse.MoveAsync(map.X + 340, map.Y + 380, new() { Steps = 4 });
        await screen.Page.Mouse.UpAsync();
        await Assertions.Expect(follow).ToHaveAttributeAsync("aria-pressed", "false");
        await host.FixAsync(id, 52.51, 5.45, now.AddMinutes(-3));
        await screen.Page.Locator("#panel-facts").HasTextAsync(@"52\.51000");
        Assert.DoesNotContain("/52.51/", screen.Page.Url, StringComparison.Ordinal);

        await screen.Page.Keyboard.PressAsync("f");
        await Assertions.Expect(follow).ToHaveAttributeAsync("aria-pressed", "true");
        await LooksAtAsync(52.51);

        Task LooksAtAsync(double latitude) => Assertions.Expect(screen.Page).ToHaveURLAsync(
            new Regex($@"&z=[\d.]+/{latitude.ToString("0.00", CultureInfo.InvariantCulture).Replace(".", @"\.", StringComparison.Ordinal)}/5\.45"));
    }
}
