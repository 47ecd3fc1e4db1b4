using System.Globalization;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Bench;

/// <summary>The desk with a large day: frames of the board and of the schedule, and how soon two people see each other's moves.</summary>
internal sealed class DeskRun(IBrowser browser, Uri url, MovingFleet fleet, int seconds)
{
    public const int Teams = 300;
    public const int Visits = 2_000;
    private const int MovesPerSecond = 5;
    private const int Moves = 20;

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
        await stop.CancelAsync();
        await work;

        var (other, _) = await OpenAsync(browser, url, "dag");
        Console.WriteLine();
        Console.WriteLine("two people                    p50 ms   p95 ms   worst ms");
        // Those of the first teams: in sight of both. Nothing else moves, as two browsers on these cores are load enough.
        var visits = day.Planned.Where((_, i) => i % 6 < 5).Take(Moves).ToList();
        Write("day: one moves, two sees", await TwoPeople.MeasureAsync(page, other, visits));
        Write("day: two moves, one sees", await TwoPeople.MeasureAsync(other, page, visits));
        await ShowAsync(other, "orders?als=lijst&orde=tijd");
        var inSight = await other.EvaluateAsync<string[]>("[...document.querySelectorAll('.visit-row')].map(row => row.dataset.visit)");
        Write("one moves in the day, two sees it on the board", await TwoPeople.MeasureAsync(page, other, [.. visits.Where(visit => inSight.Contains($"{visit}")).Take(10)]));
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

    private static void Write(string what, double[] waits) => Console.WriteLine(waits.Length == 0 ? $"{what,-28} none in sight" : string.Create(
        CultureInfo.InvariantCulture, $"{what,-28} {waits[waits.Length / 2],8:F0} {waits[waits.Length * 95 / 100],8:F0} {waits[^1],10:F0}"));
}
