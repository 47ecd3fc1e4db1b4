using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The dispatch screen as a person uses it.</summary>
public sealed class DispatchPage(IBrowserContext context, IPage page) : IAsyncDisposable
{
    private readonly List<string> _faults = Listen(page);

    public IPage Page => page;

    /// <summary>What the browser complained about: scripts, the page's policy, missing files.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public ILocator Badge => page.Locator("#badge");

    public ILocator Panel => page.Locator("#panel");

    public ILocator Events => page.Locator("#event-list");

    public ILocator Rows => page.Locator("#van-list [role=option]");

    public ILocator Row(string plate) => Rows.Filter(new() { HasText = plate });

    public ILocator Action(string name) => Panel.Locator($"[data-action={name}]");

    public async Task SignInAsync(string password = "correct horse battery")
    {
        await page.FillAsync("#email", "admin@example.nl");
        await page.FillAsync("#password", password);
        await page.Keyboard.PressAsync("Enter");
    }

    public Task IsLiveAsync() => Assertions.Expect(Badge).ToHaveAttributeAsync("data-state", "live");

    public Task SearchAsync(string text) => page.FillAsync("#search", text);

    /// <summary>Finds a van in the list and opens it; the map goes to it.</summary>
    public async Task ChooseAsync(string plate)
    {
        await SearchAsync(plate);
        await Row(plate).ClickAsync();
        await Assertions.Expect(page.Locator("#panel-plate")).ToHaveTextAsync(plate);
    }

    /// <summary>The map on the page; its canvas takes this size a frame later.</summary>
    public async Task<LocatorBoundingBoxResult> MapAsync() => (await page.Locator("#map").BoundingBoxAsync())!;

    /// <summary>Picture of a small square of the map around a point of it.</summary>
    public async Task<byte[]> PictureAsync(double x, double y, int half = 12)
    {
        var map = await MapAsync();
        return await page.ScreenshotAsync(new()
        {
            Clip = new() { X = map.X + (float)x - half, Y = map.Y + (float)y - half, Width = 2 * half, Height = 2 * half },
        });
    }

    public async Task ClickMapAsync(double x, double y)
    {
        var map = await MapAsync();
        await page.Mouse.ClickAsync(map.X + (float)x, map.Y + (float)y);
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private static List<string> Listen(IPage page)
    {
        var faults = new List<string>();
        page.PageError += (_, fault) => faults.Add(fault);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                faults.Add($"{message.Text} {message.Location}");
            }
        };
        return faults;
    }
}

internal static class Expectations
{
    /// <summary>Waits until it has a text of this pattern.</summary>
    public static Task HasTextAsync(this ILocator locator, string pattern) => Assertions.Expect(locator).ToHaveTextAsync(new Regex(pattern));
}
