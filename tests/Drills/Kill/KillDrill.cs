using System.CommandLine;
using System.Diagnostics;
using ChargeCars.Drills.Load;
using ChargeCars.Silo.Database;
using Npgsql;

namespace ChargeCars.Drills.Kill;

/// <summary>Under load of every kind the host and its PostgreSQL are killed in turn; then each answer is held against the rows.</summary>
internal static class KillDrill
{
    private const int Vehicles = 40;
    private const int NumberCallers = 64;
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(10);

    private static readonly Option<int> Rounds = new("--rounds") { Description = "Kills of each kind.", DefaultValueFactory = _ => 20 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Decides the order and the moments.", DefaultValueFactory = _ => 1 };

    private static readonly Option<bool> Tampered = new("--tamper") { Description = "Spoils rows before the comparison, to see that it notices: must end FAILED." };

    public static Drill Drill { get; } = new(
        "kill", "kill -9 of the host and of PostgreSQL under load: nothing acknowledged is lost or doubled, serving again within 10 s.",
        [Rounds, Seed, Tampered], RunAsync);

    private static async Task RunAsync(ParseResult options, DrillReport report, CancellationToken stop)
    {
        await using var site = await Site.StartAsync(report);
        using var client = new PatientClient(site.Url, site.ApiKey, report);
        var vehicles = await Site.CreateVehiclesAsync(client, Vehicles);
        var numbers = new NumberLoad(client, report, NumberCallers);
        ILoad[] loads = [new FixLoad(client, report, vehicles), new VehicleLoad(client, report, vehicles), numbers];
        using var enough = new CancellationTokenSource();
        var running = Task.WhenAll(loads.Select(load => load.RunAsync(enough.Token)));
        try
        {
            await KillAsync(site, numbers, options.GetValue(Rounds), new Random(options.GetValue(Seed)), report, stop);
        }
        finally
        {
            await enough.CancelAsync();
            await running;
        }

        report.Say($"{client.Repeated} requests were sent again; every row is compared");
        await using var source = NpgsqlDataSource.Create(site.Connection.ConnectionString);
        if (options.GetValue(Tampered))
        {
            await Tampering.RunAsync(source, report);
        }

        foreach (var load in loads)
        {
            await load.CheckAsync(source, report);
        }
    }

    private static async Task KillAsync(Site site, NumberLoad numbers, int rounds, Random random, DrillReport report, CancellationToken stop)
    {
        var victims = Enumerable.Repeat(Victim.Host, rounds).Concat(Enumerable.Repeat(Victim.Postgres, rounds)).ToArray();
        random.Shuffle(victims);
        var times = new Dictionary<Victim, List<TimeSpan>> { [Victim.Host] = [], [Victim.Postgres] = [] };
        for (var round = 1; round <= victims.Length; round++)
        {
            var victim = victims[round - 1];
            await Task.Delay(random.Next(300, 2_000), stop);
            var since = Stopwatch.GetTimestamp();
            var what = victim == Victim.Host ? await site.KillHostAsync() : PostgresKill.Kill(site.DataFolder, postmasterOnly: random.Next(3) == 0);
            await site.ReadyAsync();
            await numbers.NextAsync(Guid.NewGuid());
            var took = Stopwatch.GetElapsedTime(since);
            times[victim].Add(took);
            report.Say($"round {round} of {victims.Length}: {what}; serving again after {took.TotalSeconds:0.00} s");
            report.Require(took <= Allowed, () => $"round {round}: {what}; it took {took.TotalSeconds:0.00} s until it served again");
        }

        report.Times("serving again after a kill of the host", times[Victim.Host]);
        report.Times("serving again after a kill of PostgreSQL", times[Victim.Postgres]);
    }

    private enum Victim
    {
        Host,
        Postgres,
    }
}
