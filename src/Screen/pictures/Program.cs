using System.Diagnostics;
using System.Globalization;
using ChargeCars.Screen.Pictures;
using ChargeCars.Screen.Tests;
using ChargeCars.Testing;
using Microsoft.Playwright;

// Makes the pictures of docs/screens out of the demo fleet as it drives now; by day there is more to see:
// dotnet run --project src/Screen/pictures
if (Browser.Path is null)
{
    Console.Error.WriteLine("No Chromium on the PATH.");
    return 1;
}

var folder = Directory.CreateDirectory(Path.Combine(Repository.Folder, "docs", "screens")).FullName;
await using var host = await DemoHost.StartAsync();
await host.IsOnTheRoadAsync();
await using var relay = new Relay(host.Url);
using var playwright = await Playwright.CreateAsync();
await using var browser = await Browser.LaunchAsync(playwright);

var begun = Stopwatch.StartNew();

var page = await OpenAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
await TakeAsync(page, "map");

var plate = await host.UnderWayAsync();
await ChooseAsync(page, plate);
await page.Locator("#panel-track button").ClickAsync();
await TakeAsync(page, "panel");
await page.Locator("#panel-close").ClickAsync();
await page.Locator("#fit").ClickAsync();

await page.Locator("#views [data-view=day]").ClickAsync();
await page.Locator(".slot").First.WaitForAsync();
await TakeAsync(page, "day");
await page.Locator("#views [data-view=board]").ClickAsync();
await page.Locator("#desk [data-visit]:visible").First.ClickAsync();
await page.Locator("#work-order .action").First.WaitForAsync();
await TakeAsync(page, "board");
await page.Locator("#work-close").ClickAsync();
await page.Locator("#views [data-view=map]").ClickAsync();

relay.Cut();
await page.Locator("#badge[data-state=reconnecting]").WaitForAsync();
await TakeAsync(page, "reconnecting");
relay.Restore();

var phone = await OpenAsync(new() { ViewportSize = new() { Width = 390, Height = 844 }, DeviceScaleFactor = 2, HasTouch = true });
await phone.Locator("#tab-fleet").ClickAsync();
await ChooseAsync(phone, plate);
await phone.Locator("#panel-track button").ClickAsync();
await phone.Locator("#panel").EvaluateAsync("panel => panel.scrollTop = 0");
await TakeAsync(phone, "phone");
await phone.CloseAsync();

// The fleet has a past since it was made; it is replayed from a full minute after that.
await Task.Delay(TimeSpan.FromMinutes(4) - begun.Elapsed is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero);
await page.Locator("#replay-open").ClickAsync();
await page.Locator("#replay-rate").SelectOptionAsync("10");
await page.Locator("#replay-date").FillAsync(MinutesAgo(2));
await page.Locator("#replay-play").ClickAsync();
await page.Locator("#fit").ClickAsync();
await TakeAsync(page, "replay");
return 0;

async Task<IPage> OpenAsync(BrowserNewContextOptions options)
{
    (options.Locale, options.TimezoneId) = ("en-GB", "Europe/Amsterdam");
    var opened = await (await browser.NewContextAsync(options)).NewPageAsync();
    await opened.GotoAsync(relay.Url.ToString());
    await opened.FillAsync("#email", DemoHost.Email);
    await opened.FillAsync("#password", DemoHost.Password);
    await opened.Keyboard.PressAsync("Enter");
    await opened.Locator("#badge[data-state=live]").WaitForAsync();
    await opened.Locator(".maplibregl-canvas").WaitForAsync();
    // Something to read among the events, too.
    await opened.WaitForTimeoutAsync(20_000);
    return opened;
}

async Task ChooseAsync(IPage on, string plate)
{
    await on.Locator("#search").FillAsync(plate);
    await on.Locator("#van-list [role=option]").Filter(new() { HasText = plate }).ClickAsync();
    await on.Locator("#panel-track .track:only-child").WaitForAsync();
    // A phone shows the van instead of the list.
    if (await on.Locator("#search").IsVisibleAsync())
    {
        await on.Locator("#search").FillAsync("");
    }
}

async Task TakeAsync(IPage of, string name)
{
    // The map glides, and its labels fade in.
    await of.WaitForTimeoutAsync(4_000);
    await of.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    Console.WriteLine($"docs/screens/{name}.png  {new FileInfo(Path.Combine(folder, $"{name}.png")).Length / 1024} kB");
}

// As the page's field takes a time.
static string MinutesAgo(int minutes) =>
    TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddMinutes(-minutes), TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam"))
        .ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
