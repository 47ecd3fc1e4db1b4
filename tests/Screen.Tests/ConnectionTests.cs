using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

[Collection(ScreenCollection.Name)]
public sealed class ConnectionTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Connection_CutAndRestored_GivesEveryMissedChangeOnce()
    {
        var (id, plate) = await host.CreateVanAsync();
        await using var relay = new Relay(host.Url);
        await using var screen = await host.OpenSignedInAsync(through: relay.Url);
        await screen.SearchAsync(plate);

        relay.Cut();
        await Assertions.Expect(screen.Badge).ToHaveAttributeAsync("data-state", "reconnecting");
        foreach (var action in (string[])["drive", "park", "maintain"])
        {
            await host.ActAsync(id, action);
        }

        relay.Restore();

        await Assertions.Expect(screen.Badge).ToHaveTextAsync("Live · resumed after 3 changes");
        await screen.Row(plate).HasTextAsync("Maintenance");
        await Assertions.Expect(screen.Events.Locator("li")).ToHaveCountAsync(3);
        await host.ActAsync(id, "release");
        await screen.Row(plate).HasTextAsync("Parked");
        await Assertions.Expect(screen.Events.Locator("li")).ToHaveCountAsync(4);
    }
}
