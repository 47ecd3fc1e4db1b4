using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>On a phone, a tablet, a desk, a wall, and on paper.</summary>
[Collection(FleetCollection.Name)]
public sealed class SizeTests(ScreenHost host)
{
    [BrowserFact]
    public async Task Desk_ReplayBarBesideThePanel_WrapsNothing()
    {
        var (_, plate) = await host.CreateVanAtAsync(52.71, 5.31);
        await using var screen = await host.OpenSignedInAsync();
        await screen.ChooseAsync(plate);
        await screen.Page.ClickAsync("#replay-open");

        var (play, close) = (await BoxAsync(screen, "#replay-play"), await BoxAsync(screen, "#replay-close"));
        var (date, slider) = (await BoxAsync(screen, "#replay-date"), await BoxAsync(screen, "#replay-slider"));

        Assert.InRange(close.Y + close.Height / 2, play.Y, play.Y + play.Height);
        Assert.InRange(slider.Y + slider.Height / 2, date.Y, date.Y + date.Height);
    }

    [BrowserFact]
    public async Task Phone_ReplayBar_LeavesTheVanThatIsOpenInSight()
    {
        var (id, plate) = await host.CreateVanAsync();
        await host.FixAsync(id, 52.72, 5.31, DateTimeOffset.UtcNow.AddMinutes(-12));
        await using var screen = await host.OpenSignedInAsync(width: 390, height: 844, still: true);
        await screen.Page.ClickAsync("#tab-fleet");
        await screen.ChooseAsync(plate);
        await screen.Page.ClickAsync("#replay-open");
        await Assertions.Expect(screen.Badge).ToHaveAttributeAsync("data-state", "replaying");

        var (map, bar, panel) = (await screen.MapAsync(), await BoxAsync(screen, "#replay-bar"), await BoxAsync(screen, "#panel"));

        Assert.True(map.Height > 180 && map.Y + map.Height <= bar.Y + 1 && bar.Y + bar.Height <= panel.Y + 1, $"{map.Y}+{map.Height} {bar.Y}+{bar.Height} {panel.Y}");
        await screen.ShowsAsync(map.Width / 2, map.Height / 2);
        Assert.Equal(390, await screen.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [BrowserFact]
    public async Task Phone_FindsCustomersMakesOrders_AndHasAllViewsWithWhatTheyCount()
    {
        await using var screen = await host.OpenSignedInAsync(width: 390, height: 844, locale: "nl-NL");
        // In one step: the page writes what it counts itself as soon as it knows.
        var last = await screen.Page.EvaluateAsync<double>(
            """
            (() => {
              for (const name of ['inbox', 'calls', 'alerts']) {
                const count = document.querySelector(`#count-${name}`);
                count.hidden = false;
                count.textContent = '12';
              }
              return document.querySelector('#count-alerts').getBoundingClientRect().right;
            })()
            """);
        var views = await BoxAsync(screen, "#views");
        Assert.Equal((0, 390), (views.X, views.Width));
        Assert.True(last <= 390, $"The alerts' count ends at {last}.");
        await screen.Page.ClickAsync("#palette-open");
        await Assertions.Expect(screen.Page.Locator("#chooser")).ToBeVisibleAsync();
        await screen.Page.Keyboard.PressAsync("Escape");

        await screen.Page.ClickAsync("#views [data-view=board]");
        await screen.Page.ClickAsync("#order-new");
        await Assertions.Expect(screen.Page.Locator("#chooser-title")).ToHaveTextAsync("Nieuwe order: voor welke klant?");
        await screen.Page.Keyboard.PressAsync("Escape");
        Assert.Equal(390, await screen.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var (bar, leave) = (await BoxAsync(screen, ".bar"), await BoxAsync(screen, "#leave"));
        Assert.True(leave.X + leave.Width <= 390 && leave.Y - bar.Y < 20, $"The bar's last button is at {leave.X}, {leave.Y}.");
    }

    [BrowserFact]
    public async Task Desk_ReplayBar_LiesOverNeitherTheMapsSource_NorTheSouthernmostVan()
    {
        await host.CreateVanAtAsync(50.8, 5.8);
        await host.CreateVanAtAsync(53.3, 5.8);
        await using var screen = await host.OpenSignedInAsync(still: true);
        await screen.Page.ClickAsync("#replay-open");
        await Assertions.Expect(screen.Badge).ToHaveAttributeAsync("data-state", "replaying");
        await screen.Page.ClickAsync("#fit");

        var (bar, map) = (await BoxAsync(screen, "#replay-bar"), await screen.MapAsync());
        if (await screen.Page.Locator(".maplibregl-ctrl-attrib:visible").CountAsync() > 0)
        {
            var source = await BoxAsync(screen, ".maplibregl-ctrl-attrib");
            Assert.True(source.Y + source.Height <= bar.Y, $"The source is at {source.Y}, the bar at {bar.Y}.");
        }

        // In the middle of what is left of the map lies the middle between the two, and not in the middle of the map.
        await screen.Page.WaitForURLAsync(new Regex("z="));
        var camera = Regex.Match(screen.Page.Url, @"z=([\d.]+)/([\d.]+)/([\d.]+)");
        var latitude = double.Parse(camera.Groups[2].Value, CultureInfo.InvariantCulture);
        Assert.True(latitude < 52.0, $"The middle of the map is at {latitude}, beside a bar of {bar.Height} on {map.Height}.");
    }

    [BrowserFact]
    public async Task Tablet_ShowsOneThingAtATime()
    {
        var (_, plate) = await host.CreateVanAtAsync(52.73, 5.31);
        await using var screen = await host.OpenSignedInAsync(width: 820, height: 1180);
        await Assertions.Expect(screen.Page.Locator("#search")).ToBeHiddenAsync();
        await screen.Page.ClickAsync("#tab-fleet");
        await screen.ChooseAsync(plate);

        var (map, panel) = (await screen.MapAsync(), await BoxAsync(screen, "#panel"));

        Assert.Equal((820, 820), (map.Width, panel.Width));
        Assert.True(map.Height > 350, $"The map is {map.Height} high.");
    }

    [BrowserFact]
    public async Task Targets_AreLargeEnough_ForFingersOnAPhone_AndForAMouseOnADesk()
    {
        var (id, plate) = await host.CreateVanAtAsync(52.74, 5.31);
        await host.ActAsync(id, "drive");
        await using var phone = await host.OpenSignedInAsync(width: 390, height: 844);
        Assert.Empty(await SmallerThanAsync(phone, 44));
        await phone.Page.ClickAsync("#tab-events");
        await Assertions.Expect(phone.EventsOf(id)).Not.ToHaveCountAsync(0);
        Assert.Empty(await SmallerThanAsync(phone, 44));
        await phone.Page.ClickAsync("#tab-fleet");
        await Assertions.Expect(phone.Page.Locator(".search kbd")).ToBeHiddenAsync();
        await phone.SearchAsync(plate);
        Assert.Empty(await SmallerThanAsync(phone, 44));
        await phone.ChooseAsync(plate);
        await Assertions.Expect(phone.Action("park")).ToBeVisibleAsync();
        await phone.Action("park").ClickAsync();
        Assert.Empty(await SmallerThanAsync(phone, 44));

        await using var desk = await host.OpenSignedInAsync();
        await desk.ChooseAsync(plate);
        await Assertions.Expect(desk.Action("park")).ToBeVisibleAsync();
        Assert.Empty(await SmallerThanAsync(desk, 24));
    }

    [BrowserFact]
    public async Task Wall_IsReadFromAfar()
    {
        var (_, plate) = await host.CreateVanAtAsync(52.75, 5.31);
        await using var desk = await host.OpenSignedInAsync();
        await using var wall = await host.OpenSignedInAsync(width: 2560, height: 1440);
        await desk.ChooseAsync(plate);
        await wall.ChooseAsync(plate);

        foreach (var part in (string[])["#panel-plate", ".row .plate", "#badge", "#panel-facts dt"])
        {
            var (small, large) = (await BoxAsync(desk, part), await BoxAsync(wall, part));
            Assert.True(large.Height >= 1.4 * small.Height, $"{part}: {small.Height} at a desk, {large.Height} on the wall.");
        }

        Assert.Equal(2560, await wall.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal(1440, await wall.Page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
    }

    [BrowserFact]
    public async Task Paper_HasTheMapAndEveryVan()
    {
        var (mark, van, plate) = (Guid.NewGuid().ToString("N")[..8], Guid.Empty, "");
        for (var i = 0; i < 30; i++)
        {
            (van, plate) = await host.CreateVanAsync(new { vehicleName = mark });
        }

        // Something that the map shows, whatever other tests have put on it.
        await host.FixAsync(van, 52.33, 5.62, DateTimeOffset.UtcNow.AddMinutes(-12));
        await using var screen = await host.OpenSignedInAsync(height: 500, still: true);
        await screen.ChooseAsync(plate);
        var map = await screen.MapAsync();
        await screen.ShowsAsync(map.Width / 2, map.Height / 2);
        await screen.SearchAsync(mark);

        await screen.Page.EmulateMediaAsync(new() { Media = Media.Print });
        await screen.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");

        var colours = await screen.Page.EvaluateAsync<int>(
            """
            (canvas => {
              const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              return new Set(new Uint32Array(data.buffer)).size;
            })(document.querySelector('#map-print'))
            """);
        Assert.True(colours > 20, $"The printed map has {colours} colours.");
        await Assertions.Expect(screen.Page.Locator("#map-print")).ToBeVisibleAsync();
        await Assertions.Expect(screen.Rows).ToHaveCountAsync(30);
        await screen.Page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
        await screen.Page.EmulateMediaAsync(new() { Media = Media.Screen });
        await Assertions.Expect(screen.Page.Locator("#map-print")).ToBeHiddenAsync();
    }

    private static async Task<LocatorBoundingBoxResult> BoxAsync(DispatchPage screen, string selector)
    {
        var part = screen.Page.Locator(selector).First;
        // What is drawn anew at that moment has no place.
        LocatorBoundingBoxResult? box;
        do
        {
            await Assertions.Expect(part).ToBeVisibleAsync();
            box = await part.BoundingBoxAsync();
        }
        while (box is null);

        return box;
    }

    /// <summary>The controls in sight that are smaller than that, in either direction.</summary>
    private static Task<string[]> SmallerThanAsync(DispatchPage screen, int side) => screen.Page.EvaluateAsync<string[]>(
        """
        side => [...document.querySelectorAll('button, input, select, a')]
          .filter(element => element.checkVisibility({ visibilityProperty: true }) && !element.matches('.skip') && !element.closest('.maplibregl-ctrl'))
          .map(element => [element, element.getBoundingClientRect()])
          .filter(([element, { width, height }]) => width > 0 && (Math.round(height) < side || Math.round(width) < Math.min(side, 44)))
          .map(([element, { width, height }]) => `${Math.round(width)} × ${Math.round(height)}: ${element.outerHTML.slice(0, 120)}`)
        """, side);
}
