using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Drills.Cluster;
using ChargeCars.Drills.Support;
using ChargeCars.Testing;

namespace ChargeCars.Drills.Stock;

/// <summary>
/// Two hosts on one PostgreSQL and 64 clients who move, keep, let go and use the same few products, while one host after the other is killed
/// with -9. Whoever gets no answer asks again at the other host with the same key, so that in the end every outcome is known.
/// </summary>
internal static class StockDrill
{
    private const int Clients = 64;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    private static readonly Option<int> Rounds = new("--rounds") { Description = "Kills of a host.", DefaultValueFactory = _ => 10 };
    private static readonly Option<int> Seed = new("--seed") { Description = "Decides the moments and what is asked.", DefaultValueFactory = _ => 1 };

    public static Drill Drill { get; } = new(
        "stock", "kill -9 of two hosts in turn under 64 clients: ledger, balances and reservations agree, nothing is below zero, nothing acknowledged is lost or doubled.",
        [Rounds, Seed], RunAsync);

    private static async Task RunAsync(ParseResult options, DrillReport report, CancellationToken stop)
    {
        await using var database = await DurableDatabase.StartAsync();
        await using var hosts = new DrillHosts(database);
        HostProcess[] both = [hosts.Add(), hosts.Add()];
        await Task.WhenAll(both.Select(DrillHosts.StartAsync));
        var (access, random) = (await Access.SignInAsync(both[0].Url), new Random(options.GetValue(Seed)));
        var world = await StockScene.MakeAsync(both[0].Url, access.Token);
        await using var load = new StockLoad([.. both.Select(host => host.Url)], world, access.Token, Clients, options.GetValue(Seed), report);
        for (var round = 1; round <= options.GetValue(Rounds); round++)
        {
            await Task.Delay(random.Next(500, 2_500), stop);
            var victim = both[round % 2];
            await victim.KillAsync();
            await Task.Delay(random.Next(100, 1_500), stop);
            report.Say($"round {round}: host {(round % 2) + 1} killed, ready again after {(await DrillHosts.StartAgainAsync(victim, report)).TotalSeconds:0.0} s; {load.Acknowledged} acknowledged so far");
            await DrillHosts.StartEndedAsync(both, report);
        }

        await load.FinishAsync();
        report.Say($"{load.Moved.Count} movements, {load.Reserved.Count} reservations and {load.Released.Count} releases acknowledged; {load.Refused} refused, {load.Repeated} asked again");
        await SettledAsync(database, report);
        await CheckAsync(database, both[0].Url, access.Token, load, report);
    }

    // Reservations whose time is over end by themselves, also those of a host that died.
    private static async Task SettledAsync(DurableDatabase database, DrillReport report)
    {
        var until = DateTime.UtcNow + Settling;
        long open;
        do
        {
            open = await database.ScalarAsync<long>("SELECT count(*) FROM stock_reservation WHERE state = 'held' AND expires_at < now()");
            await Task.Delay(100);
        }
        while (open > 0 && DateTime.UtcNow < until);
        report.Require(open == 0, () => $"{open} reservations have not ended {Settling.TotalSeconds} s after their time");
    }

    private static async Task CheckAsync(DurableDatabase database, Uri host, string token, StockLoad load, DrillReport report)
    {
        using var http = new HttpClient { BaseAddress = host, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        using var made = await http.PostAsync("/api/stock/checks", null);
        var check = await made.Content.ReadFromJsonAsync<JsonElement>();
        report.Require(check.GetProperty("differences").GetInt32() == 0, () => $"the check found differences: {check}");
        foreach (var difference in await database.RowsAsync(
            "SELECT rule || ' of ' || product_id || ' at ' || coalesce(place_id::text, '-') || ': ' || expected || ' and not ' || actual FROM stock_difference", row => row.GetString(0)))
        {
            report.Violation(difference);
        }

        var movements = (await database.RowsAsync("SELECT id FROM stock_movement", row => row.GetGuid(0))).ToHashSet();
        foreach (var id in load.Moved.Where(id => !movements.Contains(id)))
        {
            report.Violation($"the movement {id} was acknowledged and is not in the ledger");
        }

        var states = (await database.RowsAsync("SELECT id, state FROM stock_reservation", row => (row.GetGuid(0), row.GetString(1)))).ToDictionary(pair => pair.Item1, pair => pair.Item2);
        foreach (var id in load.Reserved.Where(id => !states.ContainsKey(id)))
        {
            report.Violation($"the reservation {id} was acknowledged and is not there");
        }

        foreach (var id in load.Released.Where(id => states.GetValueOrDefault(id) == "held"))
        {
            report.Violation($"the reservation {id} was let go and is still held");
        }

        report.Require(movements.Count == load.Moved.Distinct().Count(), () => $"the ledger has {movements.Count} movements, acknowledged were {load.Moved.Distinct().Count()}");
        report.Require(states.Count == load.Reserved.Distinct().Count(), () => $"there are {states.Count} reservations, acknowledged were {load.Reserved.Distinct().Count()}");
        foreach (var (what, sql) in new[]
        {
            ("a movement without exactly one audit row", "SELECT count(*) FROM stock_movement m WHERE (SELECT count(*) FROM audit_log a WHERE a.table_name = 'stock_movement' AND a.record_id = m.id) <> 1"),
            ("a movement without a change", "SELECT count(*) FROM stock_movement m WHERE NOT EXISTS (SELECT FROM change_event c WHERE c.entity_id = m.id)"),
            ("a reservation whose audit rows are not its versions", "SELECT count(*) FROM stock_reservation r WHERE (SELECT count(*) FROM audit_log a WHERE a.table_name = 'stock_reservation' AND a.record_id = r.id) <> r.version"),
            ("a balance below zero", "SELECT count(*) FROM stock_balance WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand"),
            ("a product whose total differs", "SELECT count(*) FROM product p JOIN product_stock s USING (id) WHERE p.stock_quantity IS DISTINCT FROM s.on_hand"),
            ("a hole in the feed", "SELECT count(*) FROM (SELECT sequence - lag(sequence) OVER (ORDER BY sequence) AS step FROM change_event) s WHERE step <> 1"),
        })
        {
            var count = await database.ScalarAsync<long>(sql);
            report.Require(count == 0, () => $"{count} times {what}");
        }
    }
}
