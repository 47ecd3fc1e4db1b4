using System.CommandLine;
using ChargeCars.Drills.Cluster;
using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Due;

/// <summary>
/// Two hosts that both carry out what follows from commands. One is killed with -9 between a commit and what follows from it, again
/// and again, at each stage in turn; every consequence must take effect once and in order.
/// </summary>
internal static class DueDrill
{
    private const int Visits = 3;

    private static readonly Option<int> Rounds = new("--rounds") { Description = "Kills.", DefaultValueFactory = _ => 50 };

    private static readonly Option<bool> Tampered = new("--tamper") { Description = "Spoils rows before the comparison, to see that it notices: must end FAILED." };

    public static Drill Drill { get; } = new(
        "due", "kill -9 between a commit and what follows from it, with two hosts that both look: each consequence once, in order; refusals on record; poison stops.",
        [Rounds, Tampered], (options, report, stop) => RunAsync(options.GetValue(Rounds), options.GetValue(Tampered), report, stop));

    private static async Task RunAsync(int rounds, bool tampered, DrillReport report, CancellationToken stop)
    {
        await using var database = await DurableDatabase.StartAsync();
        await using var hosts = new DrillHosts(database);
        HostProcess[] two = [hosts.Add(also: DueSite.Settings), hosts.Add(also: DueSite.Settings)];
        foreach (var host in two)
        {
            report.Say($"{hosts.NameOf(host)} is ready after {(await DrillHosts.StartAsync(host)).TotalSeconds:0.0} s");
        }

        using var http = (await Access.SignInAsync(two[0].Url)).Client();
        http.Timeout = TimeSpan.FromSeconds(15);
        var site = await DueSite.MakeAsync(database, two, http);
        await Gate.InstallAsync(database);
        var orders = new List<Guid>();
        var times = new List<TimeSpan>();
        for (var round = 0; round < rounds && !stop.IsCancellationRequested; round++)
        {
            var stage = (Stage)(round % 4);
            var (order, took) = await KillAsync(site, hosts, stage, two[round % 2], $"round {round + 1} of {rounds}", report);
            orders.Add(order);
            times.Add(took);
        }

        report.Times("from the kill until everything had taken effect", times);
        orders.Add(await PoisonAsync(site, report));
        if (tampered)
        {
            await DueAgreement.SpoilAsync(database, report);
        }

        await DueAgreement.CheckAsync(database, orders, Visits, report);
    }

    private static async Task<(Guid Order, TimeSpan Took)> KillAsync(DueSite site, DrillHosts hosts, Stage stage, HostProcess asked, string round, DrillReport report)
    {
        var (order, visits) = await site.NewOrderAsync(asked, Visits);
        string victim;
        HostProcess killed;
        await using (var gate = await Gate.CloseAsync(site.Database, stage))
        {
            await site.CancelOrderAsync(asked, order);
            victim = await gate.WaitAsync();
            killed = site.Hosts.Single(host => hosts.NameOf(host) == victim);
            if (stage == Stage.Committed)
            {
                // The order believes this one open; what it asks of it will be refused.
                await site.CancelVisitAsync(asked, visits[^1]);
            }

            await killed.KillAsync();
            if (stage == Stage.Committed)
            {
                await gate.TurnAwayAsync();
            }
        }

        var clock = System.Diagnostics.Stopwatch.StartNew();
        await site.SettledAsync(order, visits);
        var took = clock.Elapsed;
        var refused = await site.Database.ScalarAsync<long>("SELECT count(*) FROM due_command WHERE origin_id = $1 AND state = 'refused'", order);
        report.Say($"{round}: {victim} killed, {Words(stage)}; everything took effect {took.TotalSeconds:0.0} s later{(refused > 0 ? $", {refused} refused" : "")}");
        if (stage == Stage.Committed)
        {
            await RefusedAsync(site, order, site.Hosts.First(host => host != killed), report);
        }

        killed.Launch();
        await killed.ReadyAsync(TimeSpan.FromMinutes(2));
        return (order, took);
    }

    private static async Task RefusedAsync(DueSite site, Guid order, HostProcess host, DrillReport report)
    {
        var listed = await site.ListedAsync(host, order, "refused");
        if (listed.Count != 1)
        {
            report.Violation($"order {order}: {listed.Count} refusals are listed for administrators, not 1");
        }

        var told = await site.Database.ScalarAsync<long>("SELECT count(*) FROM change_event WHERE entity_id = $1 AND type = 'due_command.refused'", order);
        var kept = await site.Database.ScalarAsync<long>(
            "SELECT count(*) FROM audit_log WHERE record_id = $1 AND change_summary LIKE 'What followed was refused%'", order);
        if ((told, kept) != (1, 1))
        {
            report.Violation($"order {order}: the refusal was announced {told} times and audited {kept} times, not once each");
        }
    }

    /// <summary>One whose effect the database refuses: it stops, the rest goes on, and once the cause is mended it is tried again.</summary>
    private static async Task<Guid> PoisonAsync(DueSite site, DrillReport report)
    {
        var host = site.Hosts[0];
        var (order, visits) = await site.NewOrderAsync(host, Visits);
        await site.Database.ExecuteAsync($"""
            CREATE FUNCTION drill_poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poisoned' USING ERRCODE = '22023'; END $$;
            CREATE TRIGGER drill_poison BEFORE UPDATE ON visit FOR EACH ROW WHEN (NEW.id = '{visits[1]}') EXECUTE FUNCTION drill_poison();
            """);
        await site.CancelOrderAsync(host, order);
        await site.SettledAsync(order, visits);
        var stopped = await site.ListedAsync(host, order, "failed");
        report.Must(
            stopped is [var one] && one.GetProperty("attempts").GetInt32() == DueSite.Attempts && one.GetProperty("targetId").GetGuid() == visits[1],
            $"the poisoned one stopped after {DueSite.Attempts} tries, is listed for administrators, and nothing waits behind it",
            () => $"{stopped.Count} are listed: {string.Join(", ", stopped)}");
        report.Must(await CancelledAsync(site, visits) == Visits - 1, "the others took effect");

        await site.Database.ExecuteAsync("DROP TRIGGER drill_poison ON visit");
        foreach (var due in stopped)
        {
            await site.RetryAsync(host, due.GetProperty("id").GetGuid());
        }

        await site.SettledAsync(order, visits);
        report.Must(await CancelledAsync(site, visits) == Visits, "tried again, it took effect");
        return order;
    }

    private static Task<long> CancelledAsync(DueSite site, IReadOnlyList<Guid> visits) =>
        site.Database.ScalarAsync<long>("SELECT count(*) FROM visit WHERE id = ANY ($1) AND status = 'cancelled'", visits.ToArray());

    private static string Words(Stage stage) => stage switch
    {
        Stage.Committed => "before anybody took what follows",
        Stage.Taken => "as it took what follows",
        Stage.TakingEffect => "as it took effect",
        _ => "before it was put on record",
    };
}
