using System.Diagnostics;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench.Live;

/// <summary>The vans of a benchmark that measures a day in full swing: they have a history, slept, and are all awake.</summary>
internal static class SleepingFleet
{
    private const int InARequest = 50;

    /// <summary>Makes them, lets each drive for a few seconds of the evening before, and starts the host again.</summary>
    public static async Task MakeAsync(BenchHost host, int vehicles)
    {
        await Vans.MakeAsync(host.Database, vehicles);
        var requests = Enumerable.Range(0, vehicles / InARequest)
            .Select(number => new FixRequest(host, [.. Enumerable.Range(number * InARequest, InARequest)], InARequest)).ToArray();
        using (var line = await HttpLine.OpenAsync(host.Url))
        {
            for (var second = 0; second < 3; second++)
            {
                foreach (var request in requests)
                {
                    var (status, body) = await line.AskAsync(request.At(DateTime.UtcNow.Date.AddHours(-6).AddSeconds(second)));
                    if (status != 200)
                    {
                        throw Requests.Unexpected(status, body);
                    }
                }
            }
        }

        await UntilAsync(host, "SELECT count(*) FROM vehicle_motion", vehicles);
        await UntilAsync(host, "SELECT count(*) FROM vehicle_freshness WHERE freshness = 'offline'", vehicles);
        await host.RestartAsync();
    }

    /// <summary>
    /// Done when a position of every van came to a screen, and what follows from a van's waking is written; answers how
    /// long the first took.
    /// </summary>
    public static async Task<TimeSpan> AwakeAsync(BenchHost host, Audience audience, int vehicles)
    {
        var clock = Stopwatch.StartNew();
        while (audience.Heard < vehicles)
        {
            Check(clock, vehicles);
            await Task.Delay(10);
        }

        var took = clock.Elapsed;
        await UntilAsync(host, "SELECT count(*) FROM vehicle_freshness WHERE freshness = 'live'", vehicles);
        return took;
    }

    /// <summary>Done when a count has come to that of the vehicles.</summary>
    public static async Task UntilAsync(BenchHost host, string count, int vehicles)
    {
        var clock = Stopwatch.StartNew();
        await using var ask = host.Database.CreateCommand(count);
        while ((long)(await ask.ExecuteScalarAsync())! < vehicles)
        {
            Check(clock, vehicles);
            await Task.Delay(100);
        }
    }

    private static void Check(Stopwatch clock, int vehicles)
    {
        var patience = TimeSpan.FromMinutes(Math.Max(2, vehicles / 5_000));
        if (clock.Elapsed > patience)
        {
            throw new TimeoutException($"The fleet is not awake after {patience.TotalMinutes} minutes.");
        }
    }
}
