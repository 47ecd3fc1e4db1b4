using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Bench;

/// <summary>
/// Measures the memory of a page that stays open for a shift of eight hours, and compares it with that after ten minutes. Ten minutes pass in
/// ten seconds, with the moves, calls and looks of ten busy minutes. Every van sends one fix a second.
/// </summary>
internal sealed class ShiftRun(IBrowser browser, Uri url, MovingFleet fleet, int hours)
{
    private const int TurnsAnHour = 6;
    private const int MovesPerSecond = 10;
    private const int CallsATurn = 10;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    public async Task RunAsync()
    {
        var day = await WorkingDay.CreateAsync(fleet.Http, fleet.Ids, DeskRun.Teams, DeskRun.Visits);
        var telephone = await Telephone.CreateAsync(fleet.Http);
        Console.WriteLine($"{DeskRun.Visits:N0} visits of today, {day.Planned.Count:N0} of them planned on {DeskRun.Teams} teams; every ten minutes {MovesPerSecond * 10} are moved by others and {CallsATurn} calls come in");
        var (page, _) = await DeskRun.OpenAsync(browser, url, "orders");
        var session = await page.Context.NewCDPSessionAsync(page);
        var faults = new List<string>();
        page.PageError += (_, fault) => faults.Add(fault);
        using var stop = new CancellationTokenSource();
        var work = Task.WhenAll(fleet.DriveAsync(stop.Token), day.PlanAsync(MovesPerSecond, stop.Token));
        Console.WriteLine("after                heap MB    nodes   listeners");
        await TurnAsync(page, telephone, day.Planned[0]);
        var first = await Heap.OfAsync(session);
        Write("ten minutes", first);
        var last = first;
        for (var turn = 1; turn < hours * TurnsAnHour; turn++)
        {
            await TurnAsync(page, telephone, day.Planned[turn]);
            if ((turn + 1) % TurnsAnHour == 0)
            {
                last = await Heap.OfAsync(session);
                Write($"{(turn + 1) / TurnsAnHour} hours", last);
            }
        }

        await stop.CancelAsync();
        await work;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{last.Megabytes / first.Megabytes:F2} times the first ten minutes; {faults.Count} faults of the page"));
        faults.ForEach(Console.WriteLine);
    }

    /// <summary>Somebody looks at everything once.</summary>
    private async Task TurnAsync(IPage page, Telephone telephone, Guid visit)
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < CallsATurn; i++)
        {
            await telephone.CallAsync();
        }

        await ShowAsync(page, $"orders?sel=bezoek:{visit}", "#work-visit");
        await page.Keyboard.PressAsync("Escape");
        await page.FillAsync("#sought", "Klant Breda");
        await page.FillAsync("#sought", "");
        await ShowAsync(page, $"dag?sel=bezoek:{visit}", "#schedule .slot");
        await page.Keyboard.PressAsync("Escape");
        foreach (var view in (string[])["inbox", "calls", "alerts"])
        {
            await page.ClickAsync($"#views [data-view={view}]");
            await page.Locator($"#{view}").WaitForAsync();
        }

        await page.ClickAsync("#views [data-view=map]");
        await page.Locator("#van-list [data-id]").First.ClickAsync();
        await page.Locator("#panel-plate").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.ClickAsync("#replay-open");
        await page.Locator("#badge[data-state=replaying]").WaitForAsync();
        await page.ClickAsync("#replay-close");
        await page.Locator("#badge[data-state=live]").WaitForAsync();
        var rest = Turn - clock.Elapsed;
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest);
        }
    }

    private async Task ShowAsync(IPage page, string view, string what)
    {
        await page.GotoAsync($"{url}#/{view}");
        await page.Locator(what).First.WaitForAsync();
    }

    private static void Write(string after, Heap heap) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{after,-18} {heap.Megabytes,9:F1} {heap.Nodes,8} {heap.Listeners,11}"));
}
