using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Bench.Conversations;

/// <summary>
/// Aircall's webhooks at a steady pace, beside the same bodies put into a bare table at that pace; then how long after its webhook a ringing
/// call is on dispatchers' screens, while the fleet drives and the office works.
/// </summary>
internal sealed class Calls : IBenchmark
{
    private const int Webhooks = 1_000;
    private const int Vehicles = 5_000;
    private const int OrderActions = 500;
    private const int ScreenCount = 10;
    private const int CallEvents = 60;

    public string Name => "calls";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        InlineSockets.Use();
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, Vehicles);
        await Customers.MakeAsync(host, Vehicles);
        var messages = run.Quick ? 100_000 : 1_000_000;
        await Customers.WriteAsync(host, messages);
        var token = await TokenAsync(host);
        return [await WebhooksAsync(), await RingAsync()];

        async Task<Measurement> WebhooksAsync()
        {
            var traffic = new CallTraffic(host, token, Webhooks, 1_000_000_000);
            var bare = await BareAsync(server, traffic, run);
            // All that a webhook does is much code: until it is compiled for good, compiling takes a fifth of the processors.
            var result = await OpenLoop.RunAsync(Webhooks, await traffic.OpenAsync(64), 3 * run.WarmUp, run.Measured, host.MeterCpu);
            var kept = await CountAsync(host, "SELECT count(*) FROM aircall_event");
            if (kept != traffic.Taken)
            {
                throw new InvalidOperationException($"{traffic.Taken} webhooks were answered 200, and {kept} are kept.");
            }

            return new()
            {
                Work = $"Aircall's webhooks at {Webhooks:N0}/s, in calls of six events, 64 connections",
                Result = $"p99 {result.Latency.P99:0.0} ms", Latency = result.Latency,
                Baseline = $"the same bodies, each put into a bare table at that pace by Npgsql: p50 {bare.Latency.P50:0.0}, p99 {bare.Latency.P99:0.0} ms",
                Ratio = result.Latency.P99 / bare.Latency.P99, Aim = $"p99 < 50 ms at {Webhooks:N0}/s",
                Met = result.Latency.P99 < 50 && result.Rate > 0.99 * Webhooks, Cpu = result.Cpu,
                Note = $"{result.Rate:N0}/s were answered, each with its event and what it does to its call on disk; "
                    + $"{await CountAsync(host, "SELECT count(*) FROM call"):N0} calls came of {kept:N0} events. "
                    + $"{traffic.Refused:N0} were refused for a moment and sent again. Every third rings and asks who calls, among 20,000 customers and {messages:N0} messages.",
            };
        }

        async Task<Measurement> RingAsync()
        {
            var orders = await PacedOrders.MakeAsync(host, OrderActions);
            var traffic = new CallTraffic(host, token, CallEvents, 2_000_000_000);
            using var rings = await Rings.OpenAsync(host, traffic, ScreenCount);
            await using var fixes = await PacedFixes.StartAsync(host, Vehicles, 50, 16);
            await fixes.OnTimeAsync(TimeSpan.FromSeconds(20));
            var office = OpenLoop.RunAsync(OrderActions, await orders.OpenAsync(32), run.WarmUp, run.Measured);
            var webhooks = OpenLoop.RunAsync(CallEvents, await traffic.OpenAsync(16), run.WarmUp, run.Measured);
            await Task.WhenAny(Task.Delay(run.WarmUp), office, webhooks);
            rings.Take();
            var (cpu, sent, cards) = (host.MeterCpu(), fixes.Sent, rings.Cards);
            var (acted, rung) = (await office, await webhooks);
            var (used, waits) = (cpu.Stop(), rings.Take());
            var (fixRate, wait) = ((fixes.Sent - sent) / used.Seconds, Percentiles.Of(waits));
            if (rings.Open != ScreenCount)
            {
                throw new InvalidOperationException($"Only {rings.Open} of {ScreenCount} screens were open at the end.");
            }

            var isWhole = fixRate > 0.99 * Vehicles && acted.Rate > 0.99 * OrderActions;
            return new()
            {
                Work = $"a ringing call on {ScreenCount} screens, from its webhook's first byte on, "
                    + $"beside {Vehicles:N0} fixes/s and {OrderActions:N0} order actions/s",
                Result = $"p99 {wait.P99:0.0} ms", Latency = wait, Aim = "p99 < 100 ms", Met = wait.P99 < 100 && isWhole, Cpu = used,
                Note = $"{fixRate:N0} fixes/s were stored, {acted.Rate:N0} order actions/s answered (p99 {acted.Latency.P99:0.0} ms) "
                    + $"and {rung.Rate:N0} webhooks/s (p99 {rung.Latency.P99:0.0} ms; {traffic.Refused:N0} were refused for a moment and sent again). {waits.Count:N0} rings came to screens, "
                    + $"{rings.Cards - cards:N0} of them with the visit of today and its van. "
                    + "Each screen also gets the positions of 500 vans and every change of orders, visits, threads and calls.",
            };
        }
    }

    private static async Task<LoadResult> BareAsync(BenchServer server, CallTraffic traffic, BenchRun run)
    {
        var connectionString = await server.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create($"{connectionString};Maximum Pool Size=64;Max Auto Prepare=4;Auto Prepare Min Usages=2");
        await using (var create = database.CreateCommand("CREATE TABLE event (id uuid PRIMARY KEY, received_at timestamptz NOT NULL, body jsonb NOT NULL)"))
        {
            await create.ExecuteNonQueryAsync();
        }

        return await OpenLoop.RunAsync(Webhooks, [.. Enumerable.Range(0, 64).Select(_ => (Func<long, Task>)InsertAsync)], run.WarmUp / 2, run.Measured / 2);

        async Task InsertAsync(long number)
        {
            await using var insert = database.CreateCommand("INSERT INTO event (id, received_at, body) VALUES ($1, now(), $2)");
            insert.Parameters.Add(new() { Value = Guid.NewGuid() });
            insert.Parameters.Add(new() { Value = traffic.Body(number), NpgsqlDbType = NpgsqlDbType.Jsonb });
            await insert.ExecuteNonQueryAsync();
        }
    }

    private static async Task<string> TokenAsync(BenchHost host)
    {
        using var http = new HttpClient { BaseAddress = host.Url };
        using var login = await http.PostAsJsonAsync("/api/auth/login", new { email = BenchHost.Email, password = BenchHost.Password });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        using var made = await http.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "bench" });
        made.EnsureSuccessStatusCode();
        return (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }

    private static async Task<long> CountAsync(BenchHost host, string sql)
    {
        await using var count = host.Database.CreateCommand(sql);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
