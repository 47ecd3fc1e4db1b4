using System.Diagnostics;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Load;

/// <summary>Operations that are each due at their moment, whatever the host does.</summary>
internal static class OpenLoop
{
    /// <param name="perSecond">How many are due a second.</param>
    /// <param name="lines">One for each connection; takes the number of its operation.</param>
    /// <param name="warmUp">Before anything counts.</param>
    /// <param name="measured">What counts.</param>
    /// <param name="meter">Started when the measurement starts.</param>
    public static async Task<LoadResult> RunAsync(
        int perSecond, IReadOnlyList<Func<long, Task>> lines, TimeSpan warmUp, TimeSpan measured, Func<CpuMeter>? meter = null)
    {
        var clock = Stopwatch.StartNew();
        var shares = new List<double>[lines.Count];
        var loops = Task.WhenAll(lines.Select((line, index) => Task.Run(async () =>
        {
            var latencies = shares[index] = new(4_096);
            for (var number = (long)index; DueOf(number) is var due && due < warmUp + measured; number += lines.Count)
            {
                var wait = due - clock.Elapsed;
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait);
                }

                // One that waited for its line's last answer was due before it is sent, and the wait counts.
                var from = wait > TimeSpan.Zero ? clock.Elapsed : due;
                await line(number);
                if (due >= warmUp)
                {
                    latencies.Add((clock.Elapsed - from).TotalMilliseconds);
                }
            }
        })));
        await Task.WhenAny(Task.Delay(warmUp), loops);
        var cpu = meter?.Invoke();
        await loops;
        var (used, seconds) = (cpu?.Stop(), (clock.Elapsed - warmUp).TotalSeconds);
        var all = shares.SelectMany(share => share).ToList();
        return new(all.Count / seconds, Percentiles.Of(all), used);

        TimeSpan DueOf(long number) => TimeSpan.FromSeconds((double)number / perSecond);
    }
}
