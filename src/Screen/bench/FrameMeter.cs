using System.Text.Json;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Bench;

/// <summary>How a page drew for a while.</summary>
/// <param name="PerSecond">Frames a second.</param>
/// <param name="Median">Milliseconds from a frame to the next, half of them less.</param>
/// <param name="Percentile95">The same, 95 in 100 less.</param>
/// <param name="Worst">The longest, milliseconds.</param>
/// <param name="Busy">How much of the time the page's own thread worked.</param>
internal sealed record Frames(double PerSecond, double Median, double Percentile95, double Worst, double Busy);

/// <summary>Counts the frames that a page gets to draw.</summary>
internal sealed class FrameMeter
{
    private readonly IPage _page;
    private readonly ICDPSession _session;

    private FrameMeter(IPage page, ICDPSession session) => (_page, _session) = (page, session);

    public static async Task<FrameMeter> AttachAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable");
        return new(page, session);
    }

    public async Task<Frames> MeasureAsync(TimeSpan time)
    {
        var before = await BusyAsync();
        var gaps = await _page.EvaluateAsync<double[]>(
            """
            milliseconds => new Promise(done => {
              const gaps = [];
              const start = performance.now();
              let last = start;
              requestAnimationFrame(function next(now) {
                gaps.push(now - last);
                last = now;
                if (now - start < milliseconds) requestAnimationFrame(next); else done(gaps.slice(1));
              });
            })
            """,
            time.TotalMilliseconds);
        var busy = await BusyAsync() - before;
        Array.Sort(gaps);
        return new(gaps.Length / time.TotalSeconds, gaps[gaps.Length / 2], gaps[gaps.Length * 95 / 100], gaps[^1], busy / time.TotalSeconds);
    }

    private async Task<double> BusyAsync()
    {
        var answer = await _session.SendAsync("Performance.getMetrics");
        return answer!.Value.GetProperty("metrics").EnumerateArray()
            .Single(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
    }
}
