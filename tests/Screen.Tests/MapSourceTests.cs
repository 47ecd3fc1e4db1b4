using System.Text;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>Maps of the operator's own, from a server that stands in for theirs.</summary>
[Collection(ScreenCollection.Name)]
public sealed class MapSourceTests(ScreenHost browser)
{
    [BrowserFact]
    public async Task MapTiles_AreLoadedFromTheAddress_AndTheirMakersNamed()
    {
        await using var source = new MapSource(MapSource.Tile, "image/png");

        await ShowsAsync(
            [$"--ChargeCars:Screen:MapTiles={source.Url}tiles/{{z}}/{{x}}/{{y}}.png", "--ChargeCars:Screen:MapAttribution=Kaart van de test"],
            async screen =>
            {
                await IsAskedAsync(screen, source, "/tiles/");
                await screen.Page.Locator(".maplibregl-ctrl-attrib").HasTextAsync("Kaart van de test");
            });
    }

    [BrowserFact]
    public async Task MapStyle_IsDrawnInPlaceOfTheOutlines_WithTheVansOnIt()
    {
        await using var source = new MapSource(
            Encoding.UTF8.GetBytes("""{"version":8,"sources":{},"layers":[{"id":"ground","type":"background","paint":{"background-color":"#dcefdc"}}]}"""),
            "application/json");

        await ShowsAsync([$"--ChargeCars:Screen:MapStyle={source.Url}style.json"], async screen =>
        {
            await IsAskedAsync(screen, source, "/style.json");
            await Assertions.Expect(screen.Page.Locator("canvas.vans")).ToHaveCountAsync(1);
        });
    }

    private async Task ShowsAsync(IReadOnlyList<string> configuration, Func<DispatchPage, Task> check)
    {
        var host = new ScreenHost(browser, configuration);
        await host.InitializeAsync();
        try
        {
            await using var screen = await host.OpenSignedInAsync();
            await check(screen);
            Assert.Empty(screen.Faults);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private static async Task IsAskedAsync(DispatchPage screen, MapSource source, string path)
    {
        for (var attempt = 0; !source.Asked.Any(asked => asked.StartsWith(path, StringComparison.Ordinal)); attempt++)
        {
            Assert.True(attempt < 300, $"Nobody asked for {path}; {string.Join(", ", screen.Faults)}");
            await screen.Page.WaitForTimeoutAsync(100);
        }
    }
}
