using System.Text;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>Maps of the operator's own, from a server that stands in for theirs.</summary>
[Collection(FleetCollection.Name)]
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

    [BrowserFact]
    public async Task MapTiles_AreDarkByNight()
    {
        await using var source = new MapSource(MapSource.White, "image/png");

        await ShowsAsync([$"--ChargeCars:Screen:MapTiles={source.Url}tiles/{{z}}/{{x}}/{{y}}.png"], async screen =>
        {
            await IsAskedAsync(screen, source, "/tiles/");
            await LightnessAsync(screen, lightness => lightness > 0.9);
            await screen.Page.ClickAsync("#theme");
            await LightnessAsync(screen, lightness => lightness < 0.25);
            await screen.Page.ClickAsync("#theme");
            await LightnessAsync(screen, lightness => lightness > 0.9);
        });
    }

    /// <summary>Waits until the middle of the map is as light as that, of 0 to 1.</summary>
    private static async Task LightnessAsync(DispatchPage screen, Predicate<double> isRight)
    {
        var lightness = double.NaN;
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var map = await screen.MapAsync();
            var picture = Convert.ToBase64String(await screen.PictureAsync(map.Width / 2, map.Height / 2));
            lightness = await screen.Page.EvaluateAsync<double>(
                """
                async picture => {
                  const image = new Image();
                  image.src = `data:image/png;base64,${picture}`;
                  await image.decode();
                  const context = new OffscreenCanvas(1, 1).getContext('2d');
                  context.drawImage(image, 0, 0, 1, 1);
                  return context.getImageData(0, 0, 1, 1).data.slice(0, 3).reduce((sum, value) => sum + value, 0) / 765;
                }
                """, picture);
            if (isRight(lightness))
            {
                return;
            }

            await screen.Page.WaitForTimeoutAsync(200);
        }

        Assert.Fail($"The map's lightness is {lightness}.");
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
