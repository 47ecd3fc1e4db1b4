using System.Collections.Concurrent;
using ChargeCars.Relations.Places;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>Where a van is: its street by the register of addresses, and the streets on the map out of the host's own file.</summary>
[Collection(FleetCollection.Name)]
public sealed class StreetTests(ScreenHost browser)
{
    // Fields: no town's name is near.
    private const double Latitude = 52.46;
    private const double Longitude = 5.58;
    private const int ThoseOfRoads = 12;

    [BrowserFact]
    public async Task Streets_OfTheHostsOwnFile_AreDrawnByDayAndNight_AsRangesOfBytes()
    {
        var path = Path.Combine(Path.GetTempPath(), $"chargecars-streets-{Guid.NewGuid():n}.pmtiles");
        await StreetTiles.WriteAsync(path, Latitude, Longitude);
        var host = new ScreenHost(browser, [$"--ChargeCars:Screen:MapFile={path}"]);
        await host.InitializeAsync();
        try
        {
            await using var screen = await host.OpenAsync();
            var answers = new ConcurrentQueue<int>();
            screen.Page.Response += (_, response) =>
            {
                if (response.Url.EndsWith(".pmtiles", StringComparison.Ordinal))
                {
                    answers.Enqueue(response.Status);
                }
            };
            await screen.Page.GotoAsync(FormattableString.Invariant($"{host.Url}#/kaart?z=15/{Latitude}/{Longitude}"));
            await screen.SignInAsync();
            await screen.IsLiveAsync();

            Assert.True(await ColoursAsync(screen) >= ThoseOfRoads, "No streets are drawn.");
            Assert.NotEmpty(answers);
            Assert.All(answers, status => Assert.Equal(206, status));
            await screen.Page.ClickAsync("#theme");
            Assert.True(await ColoursAsync(screen) >= ThoseOfRoads, "No streets are drawn by night.");
            // Farther out the file of this test says nothing: there is plain land.
            await screen.Page.GotoAsync(FormattableString.Invariant($"{host.Url}#/kaart?z=13.4/{Latitude}/{Longitude}"));
            await screen.Page.WaitForTimeoutAsync(1_000);
            Assert.True(await ColoursAsync(screen, tries: 1) < ThoseOfRoads);
            Assert.Empty(screen.Faults);

            using var stranger = new HttpClient { BaseAddress = host.Url };
            Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await stranger.GetAsync("/map/streets.pmtiles")).StatusCode);
        }
        finally
        {
            await host.DisposeAsync();
            File.Delete(path);
        }
    }

    [BrowserFact]
    public async Task Van_IsNamedByItsStreet_InItsRowAndItsPanel_AndAnAddressIsFound()
    {
        var host = new ScreenHost(browser, []);
        await host.InitializeAsync();
        try
        {
            await host.LoadPlacesAsync([
                new("Neuweg", "12A", "1211LX", "Hilversum", Latitude, Longitude), new("Kerkstraat", "3", "1211AB", "Hilversum", Latitude + 0.001, Longitude),
            ]);
            var (id, plate) = await host.CreateVanAsync();
            await host.FixAsync(id, Latitude + 0.0002, Longitude);
            await using var screen = await host.OpenSignedInAsync();

            await Assertions.Expect(screen.Row(plate).Locator(".name")).ToContainTextAsync("Neuweg, Hilversum");
            await screen.ChooseAsync(plate);
            await Assertions.Expect(screen.Page.Locator("#panel-facts")).ToContainTextAsync("Neuweg, Hilversum");
            await host.FixAsync(id, Latitude + 0.0011, Longitude, speed: 30);
            await Assertions.Expect(screen.Row(plate).Locator(".name")).ToContainTextAsync("Kerkstraat, Hilversum");

            await screen.Page.Keyboard.PressAsync("Control+k");
            await screen.Page.Keyboard.TypeAsync("neuweg 12 hilv");
            await screen.Page.Locator("#chooser-list [role=option]").First.HasTextAsync("Neuweg 12A, Hilversum");
            await screen.Page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(screen.Page.Locator(".pin")).ToBeVisibleAsync();
            await screen.Page.WaitForURLAsync(url => url.Contains(FormattableString.Invariant($"/{Latitude}/{Longitude}"), StringComparison.Ordinal));
            Assert.Empty(screen.Faults);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>How many colours the middle of the map has, once there are as many as roads make.</summary>
    private static async Task<int> ColoursAsync(DispatchPage screen, int tries = 100)
    {
        var colours = 0;
        for (var attempt = 0; attempt < tries; attempt++)
        {
            var map = await screen.MapAsync();
            var picture = Convert.ToBase64String(await screen.PictureAsync(map.Width / 2, map.Height / 2, 200));
            colours = await screen.Page.EvaluateAsync<int>(
                """
                async picture => {
                  const image = new Image();
                  image.src = `data:image/png;base64,${picture}`;
                  await image.decode();
                  const context = new OffscreenCanvas(400, 400).getContext('2d');
                  context.drawImage(image, 0, 0);
                  const seen = new Set(new Uint32Array(context.getImageData(0, 0, 400, 400).data.buffer));
                  return seen.size;
                }
                """, picture);
            if (colours >= ThoseOfRoads)
            {
                return colours;
            }

            await screen.Page.WaitForTimeoutAsync(200);
        }

        return colours;
    }
}
