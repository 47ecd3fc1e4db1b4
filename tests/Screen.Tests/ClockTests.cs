using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>A computer whose clock is wrong.</summary>
[Collection(FleetCollection.Name)]
public sealed class ClockTests(ScreenHost host)
{
    private const string TwentyMinutesFast =
        """
        const { now } = Date;
        Date.now = () => now() + 1_200_000;
        """;

    [BrowserFact]
    public async Task Clock_ThatIsFast_MakesNoVanOld_AndNoSessionEnd()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.ActAsync(id, "drive");
        await host.FixAsync(id, 52.3, 5.9, speed: 51);
        await using var screen = await host.OpenAsync(script: TwentyMinutesFast);
        var renewals = 0;
        screen.Page.Request += (_, request) => renewals += request.Url.EndsWith("/api/auth/refresh", StringComparison.Ordinal) ? 1 : 0;
        await screen.SignInAsync();
        await screen.IsLiveAsync();
        await screen.ChooseAsync(plate);

        await screen.Row(plate).HasTextAsync("51 km/h");
        await screen.Page.Locator("#panel-facts").HasTextAsync(@"Last fix\d+ s ago");
        Assert.Equal(0, renewals);
    }
}
