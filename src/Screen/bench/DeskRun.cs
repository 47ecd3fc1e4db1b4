using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Bench;

/// <summary>The desk with a large day: frames of the board and of the schedule, how soon it is there, and how soon two people see each other's moves.</summary>
internal sealed class DeskRun(IBrowser browser, Uri url, MovingFleet fleet, int seconds)
{
    public const int Teams = 300;
    public const int Visits = 2_000;
    private const int MovesPerSecond = 5;
    private const int Moves = 20;
    private const int BoardMoves = 10;
    private const int FirstViews = 10;

    public async Task RunAsync()
    {
        var day = await WorkingDay.CreateAsync(fleet.Http, fleet.Ids, Teams, Visits);
        Console.WriteLine($"{Visits:N0} visits of today, {day.Planned.Count:N0} of them planned on {Teams} teams; {MovesPerSecond} a second are moved by others, while every van has a fix a second");
        var (page, meter) = await OpenAsync(browser, url, "orders");
        using var stop = new CancellationTokenSource();
        var work = Task.WhenAll(fleet.DriveAsync(stop.Token), day.PlanAsync(MovesPerSecond, stop.Token));
        Console.WriteLine("view                          frames/s   p50 ms   p95 ms   worst ms   page's thread busy");
        await MeasureAsync(page, meter, "board, as a list");
        await ScrollAsync(page, meter, "board, as a list, scrolled", ".visit-rows");
        await page.Keyboard.PressAsync("v");
        await page.Locator(".card-item").First.WaitForAsync();
        await MeasureAsync(page, meter, "board, as cards");
        await ShowAsync(page, "dag");
        await MeasureAsync(page, meter, "day, 300 rows");
        await ScrollAsync(page, meter, "day, 300 rows, scrolled", ".timetable");
        Console.WriteLine();
        Console.WriteLine("first view, nothing cached    p50 ms   p95 ms   worst ms");
        // One screen on these cores.
        await page.GotoAsync("about:blank");
        await FirstViewsAsync("while all move");
        await stop.CancelAsync();
        await work;
        await FirstViewsAsync("at rest");
        await ShowAsync(page, "dag");

        var (other, _) = await OpenAsync(browser, url, "dag");
        Console.WriteLine();
        Console.WriteLine("two people                    p50 ms   p95 ms   worst ms");
        // Those of the first teams: in sight of both. Nothing else moves, as two browsers on these cores are load enough.
        var visits = day.Planned.Where((_, i) => i % 6 < 5).Take(Moves).ToList();
        Write("day: one moves, two sees", await TwoPeople.MeasureAsync(page, other, visits));
        Write("day: two moves, one sees", await TwoPeople.MeasureAsync(other, page, visits));
        var waits = new List<double>();
        foreach (var visit in visits.Take(BoardMoves))
        {
            // The board by time has others in sight than the day by team: it is asked for this one.
            await ShowAsync(other, $"orders?als=lijst&werk={await day.NumberAsync(visit)}");
            await other.Locator($"[data-visit='{visit}']:visible").First.WaitForAsync();
            waits.AddRange(await TwoPeople.MeasureAsync(page, other, [visit]));
        }

        Write("one moves in the day, two sees it on the board", waits);
    }

    public static async Task<(IPage Page, FrameMeter Meter)> OpenAsync(IBrowser browser, Uri url, string view)
    {
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1440, Height = 900 }, TimezoneId = "Europe/Amsterdam", Locale = "nl-NL" });
        var meter = await FrameMeter.AttachAsync(page);
        await page.GotoAsync($"{url}#/{view}");
        await page.FillAsync("#email", MovingFleet.Email);
        await page.FillAsync("#password", MovingFleet.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("#badge[data-state=live]").WaitForAsync();
        await page.Locator("#desk [data-visit]").First.WaitForAsync();
        return (page, meter);
    }

    private async Task FirstViewsAsync(string when)
    {
        await FirstViewAsync($"board, {when}", "orders", ".visit-row");
        await FirstViewAsync($"day, {when}", "dag", ".slot");
        await FirstViewAsync($"map and rows, {when}", "kaart", ".maplibregl-canvas");
    }

    /// <summary>How long somebody with a session waits from the address to what it shows, live.</summary>
    private async Task FirstViewAsync(string what, string view, string sign)
    {
        var (page, _) = await OpenAsync(browser, url, "orders");
        var protocol = await page.Context.NewCDPSessionAsync(page);
        var waits = new List<double>();
        for (var turn = 0; turn < FirstViews; turn++)
        {
            await page.GotoAsync("about:blank");
            await protocol.SendAsync("Network.clearBrowserCache");
            var watch = Stopwatch.StartNew();
            await page.GotoAsync($"{url}#/{view}", new() { WaitUntil = WaitUntilState.Commit });
            await Task.WhenAll(page.Locator($"{sign}:visible").First.WaitForAsync(), page.Locator("#badge[data-state=live]").WaitForAsync());
            waits.Add(watch.Elapsed.TotalMilliseconds);
        }

        await page.Context.CloseAsync();
        Write(what, waits);
    }

    private async Task ShowAsync(IPage page, string view)
    {
        await page.GotoAsync($"{url}#/{view}");
        await page.Locator("#desk [data-visit]:visible").First.WaitForAsync();
    }

    private async Task MeasureAsync(IPage page, FrameMeter meter, string view)
    {
        await page.WaitForTimeoutAsync(3_000);
        Write(view, await meter.MeasureAsync(TimeSpan.FromSeconds(seconds)));
    }

    private async Task ScrollAsync(IPage page, FrameMeter meter, string view, string what)
    {
        var measured = meter.MeasureAsync(TimeSpan.FromSeconds(seconds));
        // As a hand does it: a step a frame, down and up again.
        await page.EvaluateAsync(
            """
            ([what, milliseconds]) => new Promise(done => {
              const [box, start] = [document.querySelector(what), performance.now()];
              const next = now => {
                const [way, most] = [(now - start) * 0.9, box.scrollHeight - box.clientHeight];
                box.scrollTop = Math.floor(way / most) % 2 ? most - way % most : way % most;
                if (now - start < milliseconds) requestAnimationFrame(next); else done();
              };
              requestAnimationFrame(next);
            })
            """,
            new object[] { what, seconds * 1_000 - 200 });
        Write(view, await measured);
    }

    private static void Write(string view, Frames frames) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{view,-28} {frames.PerSecond,9:F1} {frames.Median,8:F1} {frames.Percentile95,8:F1} {frames.Worst,10:F1} {frames.Busy,20:P0}"));

    private static void Write(string what, IEnumerable<double> waits)
    {
        double[] all = [.. waits.Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-28} {all[all.Length / 2],8:F0} {all[all.Length * 95 / 100],8:F0} {all[^1],10:F0}"));
    }
}
