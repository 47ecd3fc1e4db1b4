using System.Globalization;
using ChargeCars.Screen.Bench;
using ChargeCars.Screen.Tests;
using ChargeCars.Testing;
using Microsoft.Playwright;

// How fluent the dispatch screen is in headless Chromium while the whole fleet moves once a second:
// dotnet run -c Release --project src/Screen/bench [-- [desk | shift] VANS SECONDS]
// desk: board and day schedule with 2,000 visits and 300 teams, and two people at it, in place of the map.
// shift: what a page holds after eight hours of that (SECONDS: hours).
var isDesk = args is ["desk", ..];
var isShift = args is ["shift", ..];
var numbers = args[(isDesk || isShift ? 1 : 0)..];
var vans = numbers.Length > 0 ? int.Parse(numbers[0], CultureInfo.InvariantCulture) : 5_000;
var seconds = numbers.Length > 1 ? int.Parse(numbers[1], CultureInfo.InvariantCulture) : isShift ? 8 : 15;
if (Browser.Path is null)
{
    Console.Error.WriteLine("No Chromium on the PATH.");
    return 1;
}

await using var database = await PostgresServer.CreateDatabaseAsync();
var data = Directory.CreateTempSubdirectory("chargecars-frames-");
await using var host = new HostProcess(new Dictionary<string, string>
{
    ["ConnectionStrings__ChargeCars"] = database.ConnectionString,
    ["ChargeCars__DataDirectory"] = data.FullName,
    ["CHARGECARS_ADMIN_EMAIL"] = MovingFleet.Email,
    ["CHARGECARS_ADMIN_PASSWORD"] = MovingFleet.Password,
    ["Logging__LogLevel__Default"] = "Warning",
    // The fleet is made by one person, faster than people are.
    ["ChargeCars__RateLimits__Person__PerSecond"] = "100000",
    ["ChargeCars__RateLimits__Person__Burst"] = "100000",
});
await host.StartAsync(TimeSpan.FromSeconds(60));
using var fleet = await MovingFleet.CreateAsync(host.Url, vans);
await fleet.SendAsync(0);
using var playwright = await Playwright.CreateAsync();
await using var browser = await Browser.LaunchAsync(playwright);
if (isDesk || isShift)
{
    Console.WriteLine($"{vans:N0} vans; {Environment.ProcessorCount} cores for host, database, senders and browser; Chromium {browser.Version} without a GPU");
    await (isShift ? new ShiftRun(browser, host.Url, fleet, seconds).RunAsync() : new DeskRun(browser, host.Url, fleet, seconds).RunAsync());
    data.Delete(recursive: true);
    return 0;
}

var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 } });
var meter = await FrameMeter.AttachAsync(page);
await page.GotoAsync(host.Url.ToString());
await page.FillAsync("#email", MovingFleet.Email);
await page.FillAsync("#password", MovingFleet.Password);
await page.Keyboard.PressAsync("Enter");
await page.Locator("#badge[data-state=live]").WaitForAsync();
await page.Locator(".maplibregl-canvas").WaitForAsync();
using var driving = new CancellationTokenSource();
var sending = fleet.DriveAsync(driving.Token);

Console.WriteLine($"{vans:N0} vans, each a fix a second; {Environment.ProcessorCount} cores for host, database, sender and browser; Chromium {browser.Version} without a GPU");
Console.WriteLine("frames/s: how often the page could draw, at most 60. drawn/s: how often the vans were: at most 30, less when no van in view moves half a pixel sooner.");
Console.WriteLine("view                    frames/s  drawn/s   p50 ms   p95 ms   worst ms   page's thread busy");
await MeasureAsync("whole country");
await ZoomInAsync(2);
await MeasureAsync("two steps in");
await ZoomInAsync(3);
await MeasureAsync("every van and plate");
await driving.CancelAsync();
await sending;
await page.WaitForTimeoutAsync(8_000);
await MeasureAsync("nothing moves");
data.Delete(recursive: true);
return 0;

async Task ZoomInAsync(int steps)
{
    await page.Locator(".maplibregl-canvas").FocusAsync();
    for (var i = 0; i < steps; i++)
    {
        // A step that begins before the last one ended is none.
        await page.Keyboard.PressAsync("Equal");
        await page.WaitForTimeoutAsync(1_500);
    }
}

async Task MeasureAsync(string view)
{
    await page.WaitForTimeoutAsync(3_000);
    var frames = await meter.MeasureAsync(TimeSpan.FromSeconds(seconds));
    Console.WriteLine(
        $"{view,-22} {frames.PerSecond,9:F1} {frames.Drawn,8:F1} {frames.Median,8:F1} {frames.Percentile95,8:F1} {frames.Worst,10:F1} {frames.Busy,20:P0}");
}
