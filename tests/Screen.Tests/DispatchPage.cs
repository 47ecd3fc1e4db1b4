using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Tests;

/// <summary>The dispatch screen as a person uses it.</summary>
public sealed class DispatchPage(IBrowserContext context, IPage page) : IAsyncDisposable
{
    private readonly List<string> _faults = Listen(page);
    private readonly ConcurrentQueue<string> _sent = [];
    private readonly ConcurrentQueue<string> _received = [];

    public IPage Page => page;

    /// <summary>What the browser complained about: scripts, the page's policy, missing files.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>What the hub sent.</summary>
    public IReadOnlyCollection<string> Received => _received;

    public ILocator Badge => page.Locator("#badge");

    public ILocator Panel => page.Locator("#panel");

    public ILocator Events => page.Locator("#event-list");

    /// <summary>What is told of one van; in between is what is told of the vans of other tests on the same host.</summary>
    public ILocator EventsOf(Guid van) => Events.Locator($"li:has([data-id='{van}'])");

    /// <summary>Those alone that follow from actions: freshness is told when a watch of the host comes to it.</summary>
    public ILocator StatusChangesOf(Guid van) => Events.Locator($"li:has([data-id='{van}'][data-type='vehicle.status_changed'])");

    public ILocator Rows => page.Locator("#van-list [role=option]");

    public ILocator Row(string plate) => Rows.Filter(new() { HasText = plate });

    public ILocator Action(string name) => Panel.Locator($"[data-action={name}]");

    /// <summary>Keeps what goes through the connection to the hub from now on.</summary>
    public void ListenToHub() => page.WebSocket += (_, socket) =>
    {
        socket.FrameSent += (_, frame) => _sent.Enqueue(frame.Text ?? "");
        socket.FrameReceived += (_, frame) => _received.Enqueue(frame.Text ?? "");
    };

    /// <summary>Waits until the page has sent the hub a message with this in it.</summary>
    public async Task AsksForAsync(string part)
    {
        for (var attempt = 0; !_sent.Any(message => message.Contains(part, StringComparison.Ordinal)); attempt++)
        {
            Assert.True(attempt < 300, $"{part} was not sent; {string.Join('\n', _sent)}");
            await page.WaitForTimeoutAsync(100);
        }
    }

    /// <summary>Waits until the hub has sent a message with all of this in it.</summary>
    public async Task HearsAsync(params string[] parts)
    {
        for (var attempt = 0; !_received.Any(message => parts.All(part => message.Contains(part, StringComparison.Ordinal))); attempt++)
        {
            Assert.True(attempt < 300, $"{string.Join(", ", parts)} was not heard.");
            await page.WaitForTimeoutAsync(100);
        }
    }

    public async Task SignInAsync(string password = "correct horse battery", string email = "admin@example.nl")
    {
        await page.FillAsync("#email", email);
        await page.FillAsync("#password", password);
        await page.Keyboard.PressAsync("Enter");
    }

    public Task IsLiveAsync() => Assertions.Expect(Badge).ToHaveAttributeAsync("data-state", "live");

    /// <summary>All that are kept, not the newest few.</summary>
    public async Task OpenEventsAsync()
    {
        await page.ClickAsync("#events-toggle");
        await Assertions.Expect(page.Locator("#events-toggle")).ToHaveAttributeAsync("aria-expanded", "true");
    }

    /// <summary>The page as the browser lays it out for an A4 that lies on its side.</summary>
    public async Task PrintAsync()
    {
        await page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await page.SetViewportSizeAsync(1032, 700);
    }

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

    /// <summary>Waits until something is drawn on the map there: it looks different from a place near by.</summary>
    public async Task ShowsAsync(double x, double y)
    {
        for (var attempt = 0; Enumerable.SequenceEqual(await PictureAsync(x, y), await PictureAsync(x - 60, y - 60)); attempt++)
        {
            Assert.True(attempt < 60, $"The map is blank at {x}, {y}.");
            await page.WaitForTimeoutAsync(250);
        }
    }

    public async Task ClickMapAsync(double x, double y)
    {
        var map = await MapAsync();
        await page.Mouse.ClickAsync(map.X + (float)x, map.Y + (float)y);
    }

    /// <summary>With no van open: clicks on the map there until one opens, and closes it again.</summary>
    public async Task FindsAsync(string plate, double x, double y, bool closes = true)
    {
        for (var attempt = 0; await Panel.IsHiddenAsync() && attempt < 60; attempt++)
        {
            await page.WaitForTimeoutAsync(250);
            await ClickMapAsync(x, y);
        }

        await Assertions.Expect(Panel).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#panel-plate")).ToHaveTextAsync(plate);
        if (closes)
        {
            await page.Keyboard.PressAsync("Escape");
            await Assertions.Expect(Panel).ToBeHiddenAsync();
        }
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private static List<string> Listen(IPage page)
    {
        var faults = new List<string>();
        page.PageError += (_, fault) => faults.Add(fault);
        page.Console += (_, message) =>
        {
            // Without a GPU Chromium reads its own canvases back, and warns of that.
            if (message.Type is "error" or "warning" && !message.Text.Contains("GPU stall due to ReadPixels", StringComparison.Ordinal))
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
