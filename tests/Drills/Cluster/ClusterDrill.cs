using System.Diagnostics;
using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Cluster;

/// <summary>
/// Three hosts as processes on one PostgreSQL, screens and load on each. One is killed, one is frozen until the others have
/// voted it out and then wakes up; nothing that was acknowledged may be lost, and nothing that the sleeper still has in its
/// memory may be written.
/// </summary>
internal static class ClusterDrill
{
    private const int Vans = 30;
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Waking = TimeSpan.FromSeconds(30);

    public static Drill Drill { get; } = new(
        "cluster", "Three hosts under load: one is killed, one frozen past its eviction and woken; nothing is lost, nothing stale is written.",
        [], (_, report, _) => RunAsync(report));

    private static async Task RunAsync(DrillReport report)
    {
        await using var database = await DurableDatabase.StartAsync();
        await using var hosts = new DrillHosts(database);
        HostProcess[] all = [hosts.Add(), hosts.Add(), hosts.Add()];
        var started = await Task.WhenAll(all.Select(DrillHosts.StartAsync));
        report.Say($"three hosts ready after {string.Join(", ", started.Select(time => $"{time.TotalSeconds:0.0} s"))}");
        var (urls, access) = (all.Select(host => host.Url).ToList(), await Access.SignInAsync(all[0].Url));
        using var http = access.Client();
        var vehicles = await VehiclesAsync(access, urls[0]);

        await using var watchers = new Watchers([.. Enumerable.Range(0, 6).Select(i => new HubScreen($"{i % 3 + 1}{(char)('a' + i / 3)}", urls, i % 3, access.Token))], vehicles);
        await watchers.AllWatchingAsync();
        await using var load = new ClusterLoad(urls, vehicles, http);
        await watchers.FlowsAgainAsync(DateTimeOffset.UtcNow, "from the start", load, report);
        await Task.Delay(Settled);

        var killed = DateTimeOffset.UtcNow;
        await all[1].KillAsync();
        await watchers.FlowsAgainAsync(killed, "after kill -9 of host 2", load, report);
        await hosts.EvictedAsync(all[1]);
        report.Say($"host 2 was out of the membership by {(DateTimeOffset.UtcNow - killed).TotalSeconds:0.0} s");
        report.Say($"host 2 started again, ready after {(await DrillHosts.StartAsync(all[1])).TotalSeconds:0.0} s");
        await Task.Delay(Settled);

        var frozen = DateTimeOffset.UtcNow;
        all[2].Freeze();
        await hosts.EvictedAsync(all[2]);
        report.Say($"host 3 was frozen and voted out after {(DateTimeOffset.UtcNow - frozen).TotalSeconds:0.0} s");
        await watchers.FlowsAgainAsync(frozen, "after SIGSTOP of host 3", load, report);
        await Task.Delay(Settled);
        await WakeAsync(all[2], report);
        await watchers.FlowsAgainAsync(DateTimeOffset.UtcNow, "after host 3 is back", load, report);
        await Task.Delay(Settled);

        await load.FinishAsync();
        report.Say($"{load.Fixes.Count} fixes, {load.Done.Count} actions, {load.Numbers.Count} numbers acknowledged; {load.Repeated} requests asked again");
        await Agreement.CheckAsync(database, load, report);
        await watchers.CheckChangesAsync(database, report);
    }

    public static async Task<List<Guid>> VehiclesAsync(Access access, Uri host)
    {
        using var http = access.Client(host);
        var vehicles = new List<Guid>();
        for (var van = 0; van < Vans; van++)
        {
            vehicles.Add(await Access.CreateVehicleAsync(http, $"VAN-{van}"));
        }

        return vehicles;
    }

    /// <summary>An evicted silo must not go on: its process ends and says why, and whoever supervises it starts it again.</summary>
    private static async Task WakeAsync(HostProcess host, DrillReport report)
    {
        const string Reason = "voted it out";
        var clock = Stopwatch.StartNew();
        host.Thaw();
        while (!host.HasExited && clock.Elapsed < Waking)
        {
            await Task.Delay(20);
        }

        report.Must(host.HasExited, $"woken, host 3 ended by itself after {clock.Elapsed.TotalSeconds:0.0} s", () => "it still runs");
        // Its last lines may still be on their way through the pipe.
        while (!host.Output.Contains(Reason, StringComparison.Ordinal) && clock.Elapsed < Waking)
        {
            await Task.Delay(20);
        }

        var said = host.Output.Split('\n').FirstOrDefault(line => line.Contains(Reason, StringComparison.Ordinal));
        report.Must(said is not null, $"it said why and what to do: {said?[..Math.Min(said.Length, 250)]}…", () => host.Output[^Math.Min(1_000, host.Output.Length)..]);
        await host.KillAsync();
        report.Say($"host 3 started again, ready after {(await DrillHosts.StartAsync(host)).TotalSeconds:0.0} s");
    }
}
