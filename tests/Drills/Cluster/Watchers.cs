using System.Diagnostics;
using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Cluster;

/// <summary>All screens of a drill together.</summary>
internal sealed class Watchers(IReadOnlyList<HubScreen> screens, IReadOnlyList<Guid> vehicles) : IAsyncDisposable
{
    public static readonly TimeSpan FlowWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IReadOnlyList<HubScreen> Screens => screens;

    public async Task AllWatchingAsync() => await UntilAsync(() => screens.All(screen => screen.Host is not null), "every screen is connected");

    /// <summary>
    /// How long it takes from <paramref name="moment"/> until each screen has, of every vehicle, a fix of after it. The one
    /// measure that counts a silent shard, a lost subscription and a hanging screen alike.
    /// </summary>
    public async Task FlowsAgainAsync(DateTimeOffset moment, string after, ClusterLoad load, DrillReport report)
    {
        TimeSpan? acknowledged = null;
        var took = new TimeSpan?[screens.Count];
        while (took.Contains(null))
        {
            if (acknowledged is null && load.OldestFix > moment)
            {
                acknowledged = DateTimeOffset.UtcNow - moment;
            }

            for (var i = 0; i < screens.Count; i++)
            {
                if (took[i] is null && screens[i].OldestFix(vehicles) > moment)
                {
                    took[i] = DateTimeOffset.UtcNow - moment;
                }
            }

            if (DateTimeOffset.UtcNow - moment > Patience)
            {
                break;
            }

            await Task.Delay(10);
        }

        report.Must(
            took.All(time => time < FlowWithin), $"positions of every vehicle on every screen again {after}, within {FlowWithin.TotalSeconds:0} s: "
            + string.Join(", ", screens.Select((screen, i) => $"{screen.Name} {(took[i] is { } time ? $"{time.TotalSeconds:0.0} s" : "never")}"))
            + $"; acknowledged again after {acknowledged?.TotalSeconds:0.0} s");
    }

    /// <summary>Whether each screen had every change, once and in order.</summary>
    public async Task CheckChangesAsync(DurableDatabase database, DrillReport report)
    {
        // Whatever the vehicles' own clocks still raise (freshness) comes after the load: read until nothing is added.
        var all = await ChangesAsync(database);
        try
        {
            await UntilAsync(() => screens.All(screen => screen.Changes is [.., var last] && last >= all[^1]), "the last change is on every screen");
        }
        catch (DrillException)
        {
            // Said screen by screen below.
        }

        foreach (var screen in screens)
        {
            var (taken, expected) = (screen.Changes, all.Where(sequence => sequence > screen.StartedAfter).ToList());
            // A change that came after the table was read is no fault.
            var had = taken.TakeWhile(sequence => sequence <= all[^1]).ToList();
            report.Must(
                had.SequenceEqual(expected) && screen.FreshStarts == 0,
                $"screen {screen.Name}: {expected.Count} changes, each once, in order; resumed {screen.Resumptions} times",
                () => $"{expected.Except(taken).Count()} missing, {taken.Count - taken.Distinct().Count()} twice, {screen.FreshStarts} fresh starts, "
                    + $"first wrong at {had.Zip(expected).FirstOrDefault(pair => pair.First != pair.Second)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var screen in screens)
        {
            await screen.DisposeAsync();
        }
    }

    private static Task<List<long>> ChangesAsync(DurableDatabase database) =>
        database.RowsAsync("SELECT sequence FROM change_event WHERE entity_type = 'vehicle' ORDER BY sequence", row => row.GetInt64(0));

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Patience)
            {
                throw new DrillException($"Not within {Patience}: {what}.");
            }

            await Task.Delay(20);
        }
    }
}
