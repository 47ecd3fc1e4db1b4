using System.Text.Json;
using Microsoft.Playwright;

namespace ChargeCars.Screen.Bench;

/// <summary>How a page drew for a while.</summary>
/// <param name="PerSecond">Frames a second that the page got to draw.</param>
/// <param name="Drawn">Drawings of the vans a second.</param>
/// <param name="Median">Milliseconds from a frame to the next, half of them less.</param>
/// <param name="Percentile95">The same, 95 in 100 less.</param>
/// <param name="Worst">The longest, milliseconds.</param>
/// <param name="Busy">How much of the time the page's own thread worked.</param>
internal sealed record Frames(double PerSecond, double Drawn, double Median, double Percentile95, double Worst, double Busy);

/// <summary>Counts the frames that a page gets to draw, and those in which it draws its vans.</summary>
internal sealed class FrameMeter
{
    private const string CountDrawings =
        """
        window.drawings = 0;
        const draw = WebGL2RenderingContext.prototype.drawElements;
        WebGL2RenderingContext.prototype.drawElements = function (...of) {
          if (this.canvas.className === 'vans') window.drawings++;
          return draw.apply(this, of);
        };
        """;

    private readonly IPage _page;
    private readonly ICDPSession _session;

    private FrameMeter(IPage page, ICDPSession session) => (_page, _session) = (page, session);

    /// <summary>To be called before the page is opened.</summary>
    public static async Task<FrameMeter> AttachAsync(IPage page)
    {
        await page.AddInitScriptAsync(CountDrawings);
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Performance.enable");
        return new(page, session);
    }

    public async Task<Frames> MeasureAsync(TimeSpan time)
    {
        var before = await BusyAsync();
        var drawn = await DrawingsAsync();
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
        drawn = await DrawingsAsync() - drawn;
        Array.Sort(gaps);
        return new(
            gaps.Length / time.TotalSeconds, drawn / time.TotalSeconds,
            gaps[gaps.Length / 2], gaps[gaps.Length * 95 / 100], gaps[^1], busy / time.TotalSeconds);
    }

    private Task<int> DrawingsAsync() => _page.EvaluateAsync<int>("window.drawings");

    private async Task<double> BusyAsync()
    {
        var answer = await _session.SendAsync("Performance.getMetrics");
        return answer!.Value.GetProperty("metrics").EnumerateArray()
            .Single(metric => metric.GetProperty("name").GetString() == "TaskDuration").GetProperty("value").GetDouble();
    }
}
