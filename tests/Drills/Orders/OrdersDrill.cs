using System.CommandLine;
using ChargeCars.Drills.Cluster;
using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Orders;

/// <summary>
/// One host and then three, killed with -9 while 64 clients take orders in, plan them and go through their visits. Of the three one is
/// frozen past its eviction as well: when it wakes it must write nothing that is stale.
/// </summary>
internal static class OrdersDrill
{
    private const int Clients = 64;

    private static readonly TimeSpan Waking = TimeSpan.FromSeconds(60);

    private static readonly Option<int> Rounds = new("--rounds") { Description = "Kills of a host, half of them of the only one.", DefaultValueFactory = _ => 50 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Decides the moments and what is asked.", DefaultValueFactory = _ => 1 };

    public static Drill Drill { get; } = new(
        "orders", "kill -9 of one host and of three, and SIGSTOP past the eviction, under 64 clients of orders and visits: rows, history, audit, changes, numbers and what follows agree.",
        [Rounds, Seed], RunAsync);

    private static async Task RunAsync(ParseResult options, DrillReport report, CancellationToken stop)
    {
        var (rounds, seed) = (options.GetValue(Rounds), options.GetValue(Seed));
        await RunAsync(1, rounds - (rounds / 2), seed, report, stop);
        await RunAsync(3, rounds / 2, seed + 1, report, stop);
    }

    private static async Task RunAsync(int count, int rounds, int seed, DrillReport report, CancellationToken stop)
    {
        await using var database = await DurableDatabase.StartAsync();
        await using var hosts = new DrillHosts(database);
        HostProcess[] all = [.. Enumerable.Range(0, count).Select(_ => hosts.Add())];
        await Task.WhenAll(all.Select(DrillHosts.StartAsync));
        var (access, random) = (await Access.SignInAsync(all[0].Url), new Random(seed));
        var scene = await OrderScene.MakeAsync(all[0].Url, access.Token);
        await using var load = new OrderLoad([.. all.Select(host => host.Url)], scene, access.Token, Clients, seed, report);
        for (var round = 1; round <= rounds; round++)
        {
            await Task.Delay(random.Next(1_000, 4_000), stop);
            var victim = all[random.Next(count)];
            await victim.KillAsync();
            await Task.Delay(random.Next(100, 1_500), stop);
            var ready = await DrillHosts.StartAgainAsync(victim, report);
            report.Say($"round {round} of {rounds}, {count} hosts: {hosts.NameOf(victim)} killed, ready again after {ready.TotalSeconds:0.0} s; {load.Acknowledged.Count} acknowledged so far");
            await DrillHosts.StartEndedAsync(all, report);
        }

        if (count > 1 && rounds > 0)
        {
            await FreezeAsync(hosts, all[random.Next(count)], report, stop);
        }

        await Task.Delay(TimeSpan.FromSeconds(2), stop);
        await load.FinishAsync();
        report.Say($"{load.Acknowledged.Count} requests acknowledged, {load.Refused} refused, {load.Repeated} asked again");
        await OrderAgreement.CheckAsync(database, load, report);
    }

    private static async Task FreezeAsync(DrillHosts hosts, HostProcess host, DrillReport report, CancellationToken stop)
    {
        host.Freeze();
        await hosts.EvictedAsync(host);
        await Task.Delay(TimeSpan.FromSeconds(3), stop);
        host.Thaw();
        var until = DateTime.UtcNow + Waking;
        while (!host.HasExited && DateTime.UtcNow < until)
        {
            await Task.Delay(50, stop);
        }

        report.Must(host.HasExited, $"{hosts.NameOf(host)} was frozen and voted out, and ended by itself when it woke");
        await host.KillAsync();
        report.Say($"{hosts.NameOf(host)} started again, ready after {(await DrillHosts.StartAgainAsync(host, report)).TotalSeconds:0.0} s");
    }
}
