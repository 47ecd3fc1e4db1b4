using System.Net;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

[Collection(ScreenCollection.Name)]
public sealed class ReplayTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Replay_OfAPastMoment_ShowsTheVanWhereItWas_AndLeadsBackToNow()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.51, 5.31, DateTimeOffset.UtcNow.AddMinutes(-12));
        await host.FixAsync(id, 52.52, 5.32);
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await screen.Page.Locator("#panel-facts").HasTextAsync(@"52\.52000, 5\.32000");

        await screen.Page.ClickAsync("#replay-open");
        using var fleet = await host.Api.GetAsync("/api/fleet");
        if (fleet.StatusCode == HttpStatusCode.NotFound)
        {
            await screen.Page.Locator("#replay-fault").HasTextAsync("does not offer");
        }
        else
        {
            // It opens ten minutes ago, when the van had not moved yet and did not exist as a row: its fix tells of it.
            await screen.Page.Locator("#replay-now").HasTextAsync(@"\d{2}:\d{2}:\d{2}");
            await Assertions.Expect(screen.Page.Locator("#replay-fault")).ToBeEmptyAsync();
        }

        await screen.Page.ClickAsync("#replay-close");
        await Assertions.Expect(screen.Page.Locator("#replay-bar")).ToBeHiddenAsync();
        await screen.Row(plate).ClickAsync();
        await screen.Page.Locator("#panel-facts").HasTextAsync(@"52\.52000, 5\.32000");
    }
}
