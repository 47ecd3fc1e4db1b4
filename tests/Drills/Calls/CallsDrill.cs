using System.CommandLine;
using ChargeCars.Drills.Cluster;
using ChargeCars.Drills.Load;
using ChargeCars.Drills.Support;

namespace ChargeCars.Drills.Calls;

/// <summary>
/// A thousand calls' webhooks, each three times, shuffled, from 32 clients, while the host is killed with -9: every other time when commits
/// are on disk and nobody has been told. Every row must be that of the same streams in order, once, at a host that nobody kills.
/// </summary>
internal static class CallsDrill
{
    private const int Clients = 32;
    private const int Times = 3;
    private const int AtTheGate = 8;

    private static readonly Option<int> Calls = new("--calls") { Description = "Calls.", DefaultValueFactory = _ => 1_000 };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Kills of the host.", DefaultValueFactory = _ => 8 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Decides the calls and their order.", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Tampered = new("--tamper")
    {
        Description = "Spoils rows before the comparison, to see that it notices: must end FAILED.",
    };

    public static Drill Drill { get; } = new(
        "calls",
        "kill -9 between commit and reply under 32 clients that deliver 1,000 calls' webhooks shuffled, three times: every row is that of the ordered stream.",
        [Calls, Rounds, Seed, Tampered],
        (options, report, stop) => RunAsync(
            new(options.GetValue(Calls), options.GetValue(Seed)), options.GetValue(Rounds), options.GetValue(Seed), options.GetValue(Tampered), report, stop));

    private static async Task RunAsync(CallScene scene, int rounds, int seed, bool tampered, DrillReport report, CancellationToken stop)
    {
        await using var ordered = await DurableDatabase.StartAsync();
        await InOrderAsync(ordered, scene, report);
        await using var database = await DurableDatabase.StartAsync();
        await ShuffledAsync(database, scene, rounds, new Random(seed), report, stop);
        if (tampered)
        {
            await CallAgreement.SpoilAsync(database, report);
        }

        await CallAgreement.CheckAsync(database, ordered, scene, report);
    }

    private static async Task InOrderAsync(DurableDatabase database, CallScene scene, DrillReport report)
    {
        await using var hosts = new DrillHosts(database);
        var host = hosts.Add();
        await DrillHosts.StartAsync(host);
        var access = await Access.SignInAsync(host.Url);
        await scene.MakeAsync(database, host.Url, access);
        using var client = new PatientClient(host.Url, access.Key, report);
        var load = new CallLoad(client, Clients, report);
        await load.RunAsync(scene.Streams);
        report.Say($"{load.Delivered} webhooks of {scene.Streams.Count} calls delivered in order, once");
    }

    private static async Task ShuffledAsync(DurableDatabase database, CallScene scene, int rounds, Random random, DrillReport report, CancellationToken stop)
    {
        await using var hosts = new DrillHosts(database);
        var host = hosts.Add();
        await DrillHosts.StartAsync(host);
        var access = await Access.SignInAsync(host.Url);
        await scene.MakeAsync(database, host.Url, access);
        using var client = new PatientClient(host.Url, access.Key, report);
        var load = new CallLoad(client, Clients, report);
        var deliveries = scene.Shuffled(Times, random);
        var running = load.RunAsync([.. deliveries.Select(body => (IReadOnlyList<byte[]>)[body])]);
        for (var round = 1; round <= rounds; round++)
        {
            await load.ReachedAsync((int)((long)deliveries.Length * round / (rounds + 1)), running);
            string how;
            if (round % 2 == 1)
            {
                await using var gate = await CommitGate.CloseAsync(database);
                var held = await gate.WaitAsync(AtTheGate);
                await host.KillAsync();
                var events = held.Count(query => query.Contains("INTO aircall_event", StringComparison.Ordinal));
                how = $"{events} events and {held.Count - events} groups of what they do on disk and nobody told";
            }
            else
            {
                await Task.Delay(random.Next(0, 300), stop);
                await host.KillAsync();
                how = "at any moment";
            }

            var ready = await DrillHosts.StartAsync(host);
            report.Say($"round {round} of {rounds}: killed, {how}; ready again after {ready.TotalSeconds:0.0} s; "
                + $"{load.Delivered} of {deliveries.Length} delivered");
        }

        await running.WaitAsync(TimeSpan.FromMinutes(8), stop);
        await hosts.KeepOutputAsync(host, report);
        report.Say($"{load.Delivered} webhooks delivered shuffled, each event {Times} times; {client.Repeated} had no answer and were sent again");
    }
}
