using System.Diagnostics;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Load;

/// <summary>Callers that each ask again as soon as they are answered.</summary>
internal static class ClosedLoop
{
    /// <param name="callers">One for each; answers how much one operation did.</param>
    /// <param name="warmUp">Before anything counts.</param>
    /// <param name="measured">What counts.</param>
    /// <param name="meter">Started when the measurement starts.</param>
    public static async Task<LoadResult> RunAsync(
        IReadOnlyList<Func<Task<int>>> callers, TimeSpan warmUp, TimeSpan measured, Func<CpuMeter>? meter = null)
    {
        var clock = Stopwatch.StartNew();
        var shares = new (long Count, List<double> Latencies)[callers.Count];
        var loops = callers.Select((caller, index) => Task.Run(async () =>
        {
            var (count, latencies) = (0L, new List<double>(4_096));
            for (var before = clock.Elapsed; before < warmUp + measured;)
            {
                var done = await caller();
                var after = clock.Elapsed;
                if (after >= warmUp && after < warmUp + measured)
                {
                    count += done;
                    latencies.Add((after - before).TotalMilliseconds);
                }

                before = after;
            }

            shares[index] = (count, latencies);
        })).ToArray();
        await Task.WhenAny(Task.Delay(warmUp), Task.WhenAll(loops));
        var cpu = meter?.Invoke();
        await Task.WhenAny(Task.Delay(measured), Task.WhenAll(loops));
        var used = cpu?.Stop();
        await Task.WhenAll(loops);
        return new(
            shares.Sum(share => share.Count) / measured.TotalSeconds,
            Percentiles.Of([.. shares.SelectMany(share => share.Latencies)]),
            used);
    }
}

/// <summary>What a load came to.</summary>
internal sealed record LoadResult(double Rate, Percentiles Latency, CpuUse? Cpu);
