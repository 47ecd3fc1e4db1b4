using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Cluster;

/// <summary>
/// The roles apart: a host that only serves and one that only holds the grains. The second is killed and started again, and
/// the first must find it, with its stream subscriptions, without a hand.
/// </summary>
internal static class SplitDrill
{
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    // A stream is called silent after three seconds, and looked at once a second.
    private static readonly TimeSpan Missed = TimeSpan.FromSeconds(6);

    public static Drill Drill { get; } = new(
        "split", "An api-only and a silo-only host under load: the silo is killed and started again; streams and screens find it without a hand.",
        [], (_, report, _) => RunAsync(report));

    private static async Task RunAsync(DrillReport report)
    {
        await using var database = await DurableDatabase.StartAsync();
        await using var hosts = new DrillHosts(database);
        var (silo, api) = (hosts.Add("silo"), hosts.Add("api"));
        report.Say($"the silo-only host is ready after {(await DrillHosts.StartAsync(silo)).TotalSeconds:0.0} s");
        report.Say($"the api-only host is ready after {(await DrillHosts.StartAsync(api)).TotalSeconds:0.0} s");
        using (var direct = new HttpClient { BaseAddress = silo.Url })
        {
            using var answer = await direct.GetAsync("/api/vehicles");
            report.Must(answer.StatusCode == System.Net.HttpStatusCode.NotFound, "the silo-only host serves no API");
        }

        var access = await Access.SignInAsync(api.Url);
        using var http = access.Client();
        var vehicles = await ClusterDrill.VehiclesAsync(access, api.Url);
        await using var watchers = new Watchers([new HubScreen("a", [api.Url], 0, access.Token), new HubScreen("b", [api.Url], 0, access.Token)], vehicles);
        await watchers.AllWatchingAsync();
        await using var load = new ClusterLoad([api.Url], vehicles, http);
        await watchers.FlowsAgainAsync(DateTimeOffset.UtcNow, "from the start", load, report);
        await Task.Delay(Settled);

        var before = api.Output.Length;
        await silo.KillAsync();
        var ready = await DrillHosts.StartAsync(silo);
        report.Say($"the silo was killed (-9) and started again, ready after {ready.TotalSeconds:0.0} s");
        await watchers.FlowsAgainAsync(DateTimeOffset.UtcNow, "after the silo is ready again", load, report);
        await UntilRenewedAsync(api, before, report);
        await Task.Delay(Settled);

        await load.FinishAsync();
        report.Say($"{load.Fixes.Count} fixes, {load.Done.Count} actions, {load.Numbers.Count} numbers acknowledged; {load.Repeated} requests asked again");
        await Agreement.CheckAsync(database, load, report);
        await watchers.CheckChangesAsync(database, report);
    }

    /// <summary>
    /// Positions also come from the database while a stream is silent, so that the streams are back must be seen by itself: the
    /// host says when it begins to read them and when it ends. One that starts again sooner than it is missed never says it.
    /// </summary>
    private static async Task UntilRenewedAsync(HostProcess api, int before, DrillReport report)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await Task.Delay(Missed);
        while (IsSilent() && clock.Elapsed < TimeSpan.FromSeconds(60))
        {
            await Task.Delay(20);
        }

        report.Must(!IsSilent(), $"the api-only host has its stream subscriptions, {clock.Elapsed.TotalSeconds:0.0} s later");

        bool IsSilent()
        {
            var said = api.Output.AsSpan(before);
            return said.LastIndexOf("A stream of positions is silent", StringComparison.Ordinal)
                > said.LastIndexOf("Positions come from their stream again", StringComparison.Ordinal);
        }
    }
}
