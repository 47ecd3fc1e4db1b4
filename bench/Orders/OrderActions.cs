using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Live;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using ChargeCars.Orders;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Bench.Orders;

/// <summary>
/// Actions of orders at the store and over HTTP beside pgbench with the same statements, at a steady rate beside positions, then what a desk
/// reads: a schedule and lists of a million orders. Last, how soon an overdue order is announced.
/// </summary>
internal sealed class OrderActions : IBenchmark
{
    private const int Callers = 64;
    private const int OrdersEach = 16;
    private const int SteadyRate = 1_000;
    private const int SteadyLines = 128;
    private const int FixesASecond = 5_000;

    /// <summary>
    /// The rows of a hold or its end. Its change events are numbered by a sequence: the dense numbers that the product gives need a lock held
    /// over the commit, with which this script would be slower.
    /// </summary>
    private const string SameStatements = """
        \set v random(0, 1023)
        \startpipeline
        BEGIN;
        UPDATE "order" SET version = version + 1, updated_at = now(), order_status = 'on_hold', held_from = 'approved', hold_reason = 'bench'
        WHERE id = ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid;
        INSERT INTO audit_log (id, table_name, record_id, action, old_values, new_values, business_context, ip_address, created_at)
        VALUES (gen_random_uuid(), 'order', ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid, 'STATUS_CHANGE',
            '{"order_status": "approved", "held_from": null, "hold_reason": null}', '{"order_status": "on_hold", "held_from": "approved", "hold_reason": "bench"}',
            '{"actor": {"kind": "key", "name": "bench"}, "version": 1}', '127.0.0.1', now());
        INSERT INTO status_transition (id, entity_type, entity_id, from_status, to_status, transition_reason, triggered_by_system, created_at)
        VALUES (gen_random_uuid(), 'order', ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid, 'approved', 'on_hold', 'bench', 'bench', now());
        INSERT INTO entity_current_status (id, entity_type, entity_id, current_status, status_since)
        VALUES (gen_random_uuid(), 'order', ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid, 'on_hold', now())
        ON CONFLICT (entity_type, entity_id) DO UPDATE SET current_status = excluded.current_status, status_since = excluded.status_since, updated_at = now();
        UPDATE entity_current_status SET sla_deadline = now() + interval '1 day' * (:v % 9), is_overdue = false, version = version + 1
        WHERE entity_type = 'order' AND entity_id = ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid;
        INSERT INTO change_event (sequence, type, entity_type, entity_id, occurred_at, actor, data)
        VALUES (nextval('bench_change'), 'order.status_changed', 'order', ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid, now(),
            '{"kind": "key", "name": "bench"}', '{"from": "approved", "to": "on_hold", "version": 1, "orderNumber": "CC-ORD-2026-000001"}');
        COMMIT;
        \endpipeline
        """;

    // Orders by their numbers, as an import would leave them.
    private const string MakeOrders = """
        INSERT INTO "order" (id, order_number, order_type, business_entity, order_status, customer_organization_id, primary_contact_id, installation_address_id,
            priority_level, created_at)
        SELECT ('00000000-0000-7000-8000-' || lpad(v::text, 12, '0'))::uuid, 'BENCH-' || lpad(v::text, 8, '0'), 'service',
            CASE WHEN v % 1000 = 999 THEN 'ratioshop' ELSE (ARRAY['chargecars', 'laderthuis', 'zaptecshop'])[1 + v % 3] END,
            CASE WHEN v < $2 THEN 'approved' WHEN v % 500 = 7 THEN 'on_hold' WHEN v % 20 = 3 THEN 'planned' ELSE 'closed' END,
            ('00000000-0000-7000-9000-' || lpad((v % 1000)::text, 12, '0'))::uuid, $3, $4, CASE WHEN v % 100 = 1 THEN 'urgent' ELSE 'normal' END,
            '2026-01-01'::timestamptz + v * interval '20 seconds'
        FROM generate_series($1::int, $2::int + $5::int - 1) v
        """;

    public string Name => "orders";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, FixesASecond);
        await MakeAsync(host.Database, 0, Callers * OrdersEach, 0);
        var baseline = await BaselineAsync(server, run);
        var beside = $"the same statements by pgbench, pipelined, {Callers} clients: {baseline:N0}/s";
        var store = await AtTheStoreAsync(host, run);
        var http = await OverHttpAsync(host, run);
        var (steady, fixes, refused) = await SteadyAsync(host, run);
        return
        [
            new()
            {
                Work = $"actions of orders at the store, {Callers} callers", Result = $"{store.Rate:N0}/s", Latency = store.Latency,
                Baseline = beside, Ratio = store.Rate / baseline, Cpu = store.Cpu, Note = "Store and callers are in this process: the first figure of CPU is both.",
            },
            new()
            {
                Work = $"the same over HTTP, {Callers} connections", Result = $"{http.Rate:N0}/s", Latency = http.Latency, Baseline = beside, Ratio = http.Rate / baseline, Cpu = http.Cpu,
            },
            new()
            {
                Work = $"an action of an order at a steady {SteadyRate:N0}/s over HTTP, beside {FixesASecond:N0} fixes/s", Result = $"{steady.Rate:N0}/s", Latency = steady.Latency,
                Cpu = steady.Cpu, Note = $"From when an action was due, not from when its line was free. {fixes:N0} fixes/s were taken, {refused:N0} actions refused for a moment and asked again.",
            },
            await ScheduleAsync(host, run),
            .. await ListsAsync(host, run),
            await OverdueAsync(host),
        ];
    }

    private static async Task<double> BaselineAsync(BenchServer server, BenchRun run)
    {
        // In a database of its own: its change events would be holes in the host's feed.
        var connectionString = await server.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await new MigrationRunner(database, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        await MakeAsync(database, 0, Callers * OrdersEach, 0);
        await ExecuteAsync(database, "CREATE SEQUENCE bench_change CACHE 100");
        return await Pgbench.RunAsync(connectionString, SameStatements, Callers, run.Measured);
    }

    private static async Task<LoadResult> AtTheStoreAsync(BenchHost host, BenchRun run)
    {
        await using var source = NpgsqlDataSource.Create(host.ConnectionString + ";Max Auto Prepare=100;Auto Prepare Min Usages=2;No Reset On Close=true");
        using var publisher = new ChangePublisher(null!, NullLogger<ChangePublisher>.Instance);
        using var commits = new GroupCommit(source, publisher, new DueSignal(), Options.Create(new GroupCommitOptions()), NullLogger<GroupCommit>.Instance);
        await commits.StartAsync(CancellationToken.None);
        var store = new EntityStore<Order, OrderKind>(source, commits);
        var actor = new Actor(ActorKind.Key, Guid.CreateVersion7(), "bench");
        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var orders = await Task.WhenAll(Enumerable.Range(0, OrdersEach).Select(turn => store.LoadAsync(Guid.Parse(IdOf(caller, turn)), CancellationToken.None)));
            var turn = 0;
            return (Func<Task<int>>)(async () =>
            {
                var place = turn++ % OrdersEach;
                var now = new DateTimeOffset(DateTime.UtcNow.Ticks / 10 * 10, TimeSpan.Zero);
                var act = orders[place]!.OrderStatus == OrderStatus.OnHold ? new ActOnOrder(OrderAction.Resume) : new ActOnOrder(OrderAction.Hold) { Reason = "bench" };
                var (applied, after) = await store.CommitAsync(
                    orders[place], OrderDecider.Decide(orders[place]!, act, now).Value!, "Bench", new(Guid.CreateVersion7(now), actor, IpAddress: "127.0.0.1"), now);
                orders[place] = after;
                return applied ? 1 : throw new InvalidOperationException($"Version {after!.Version - 1} of {after.Id} was stale.");
            });
        }));
        var result = await ClosedLoop.RunAsync(callers, run.WarmUp, run.Measured, () => new CpuMeter(null, host.Postmaster));
        await commits.StopAsync(CancellationToken.None);
        return result;
    }

    private static async Task<LoadResult> OverHttpAsync(BenchHost host, BenchRun run)
    {
        var held = await HeldAsync(host.Database);
        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var line = await HttpLine.OpenAsync(host.Url);
            var turn = 0;
            return (Func<Task<int>>)(async () =>
            {
                var (order, round) = (IdOf(caller, turn), turn++ / OrdersEach);
                var (status, body) = await line.AskAsync(ActionOn(host, order, isHeld: held.Contains(order) == (round % 2 == 0)));
                return status == 200 ? 1 : throw Requests.Unexpected(status, body);
            });
        }));
        return await ClosedLoop.RunAsync(callers, run.WarmUp, run.Measured, host.MeterCpu);
    }

    /// <summary>Actions that are due at a fixed rate, whatever the host does, while a fleet sends its positions.</summary>
    private static async Task<(LoadResult Actions, double Fixes, int Refused)> SteadyAsync(BenchHost host, BenchRun run)
    {
        var refused = 0;
        await using var fleet = await PacedFixes.StartAsync(host, FixesASecond, 50, 16);
        await fleet.OnTimeAsync(TimeSpan.FromSeconds(20));
        var held = await HeldAsync(host.Database);
        var (clock, total, latencies) = (Stopwatch.StartNew(), run.WarmUp + run.Measured, new List<double>[SteadyLines]);
        var lines = Enumerable.Range(0, SteadyLines).Select(index => Task.Run(async () =>
        {
            using var line = await HttpLine.OpenAsync(host.Url);
            var own = latencies[index] = [];
            for (var slot = (long)index; ; slot += SteadyLines)
            {
                var due = TimeSpan.FromSeconds((double)slot / SteadyRate);
                if (due > total)
                {
                    return;
                }

                if (due - clock.Elapsed is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait);
                }

                // A line has orders of its own, so that it knows what each is.
                var (order, round) = (IdOf((int)(index * 8 / OrdersEach), (int)((index * 8 % OrdersEach) + (slot / SteadyLines % 8))), slot / SteadyLines / 8);
                var action = ActionOn(host, order, isHeld: held.Contains(order) == (round % 2 == 0));
                // A refused action is sent again. Its latency includes the wait.
                var (status, body) = await line.AskUntilTakenAsync(action, () => Interlocked.Increment(ref refused));
                if (status != 200)
                {
                    throw Requests.Unexpected(status, body);
                }

                if (due > run.WarmUp)
                {
                    own.Add((clock.Elapsed - due).TotalMilliseconds);
                }
            }
        })).ToArray();
        await Task.WhenAny(Task.Delay(run.WarmUp), Task.WhenAll(lines));
        var (cpu, sent, began) = (host.MeterCpu(), fleet.Sent, clock.Elapsed);
        await Task.WhenAny(Task.Delay(run.Measured), Task.WhenAll(lines));
        var (used, fixes) = (cpu.Stop(), (fleet.Sent - sent) / (clock.Elapsed - began).TotalSeconds);
        await Task.WhenAll(lines);
        var all = latencies.SelectMany(own => own).ToList();
        return (new(all.Count / run.Measured.TotalSeconds, Percentiles.Of(all), used), fixes, refused);
    }

    /// <summary>Today's schedule of fifty vans, with what is expected of each visit and what its plan breaks.</summary>
    private static async Task<Measurement> ScheduleAsync(BenchHost host, BenchRun run)
    {
        const int ScheduledVans = 50;
        const int VisitsEach = 6;
        var morning = new DateTimeOffset(DateTime.UtcNow.Date, TimeSpan.Zero).AddHours(7);
        await ExecuteAsync(host.Database, $$"""
            INSERT INTO visit (id, business_entity, number, order_id, sequence, visit_type, status, vehicle_id, address_id, scheduled_start, scheduled_end, estimated_minutes)
            SELECT gen_random_uuid(), 'chargecars', 'BENCH-V-' || v || '-' || n, ('00000000-0000-7000-8000-' || lpad((v * 6 + n)::text, 12, '0'))::uuid, 1, 'service', 'scheduled',
                ('00000000-0000-7000-8000-' || lpad(v::text, 12, '0'))::uuid, '00000000-0000-7000-b000-000000000001',
                '{{morning:O}}'::timestamptz + n * interval '90 minutes', '{{morning:O}}'::timestamptz + n * interval '90 minutes' + interval '1 hour', 60
            FROM generate_series(0, {{ScheduledVans - 1}}) v, generate_series(0, {{VisitsEach - 1}}) n
            """);
        var path = $"/api/schedule?from={morning.AddHours(-7):yyyy-MM-ddTHH:mm:ssZ}&to={morning.AddHours(17):yyyy-MM-ddTHH:mm:ssZ}";
        var line = await HttpLine.OpenAsync(host.Url);
        var result = await ClosedLoop.RunAsync(
            [async () =>
            {
                var (status, body) = await line.AskAsync(Requests.Get(host, path, $"X-Api-Key: {host.Key}"));
                return status == 200 ? 1 : throw Requests.Unexpected(status, body);
            }], run.WarmUp / 2, run.Measured / 2, host.MeterCpu);
        return new()
        {
            Work = $"GET /api/schedule of a day of {ScheduledVans} vans and {ScheduledVans * VisitsEach} visits, one caller", Result = $"p50 {result.Latency.P50:0.0} ms", Latency = result.Latency,
            Cpu = result.Cpu, Note = "With what is expected of each visit, and what its plan breaks.",
        };
    }

    private static async Task<IReadOnlyList<Measurement>> ListsAsync(BenchHost host, BenchRun run)
    {
        var count = run.Quick ? 100_000 : 1_000_000;
        await MakeAsync(host.Database, Callers * OrdersEach, 0, count);
        await ExecuteAsync(host.Database, "VACUUM ANALYZE \"order\"");
        (string What, Func<int, string> Path)[] lists =
        [
            ("the first page", static _ => ""), ("those on hold, one in five hundred", static _ => "?orderStatus=on_hold"), ("those planned", static _ => "?orderStatus=planned"),
            ("by a business entity that few have", static _ => "?businessEntity=ratioshop"), ("urgent and on hold", static _ => "?priorityLevel=urgent&orderStatus=on_hold"),
            ("by its number", turn => $"?orderNumber=BENCH-{2_000 + (turn * 7_919L % (count - 2_000)):D8}"),
            ("of a customer who has a thousand", static turn => $"?customerOrganizationId=00000000-0000-7000-9000-{turn % 1_000:D12}"),
            ("of a month", static turn => $"?from=2026-0{1 + (turn % 6)}-01T00:00:00Z&to=2026-0{2 + (turn % 6)}-01T00:00:00Z"),
        ];
        var rows = new List<Measurement>();
        foreach (var (what, path) in lists)
        {
            var callers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async caller =>
            {
                var (line, turn) = (await HttpLine.OpenAsync(host.Url), caller * 1_000);
                return (Func<Task<int>>)(async () =>
                {
                    var (status, body) = await line.AskAsync(Requests.Get(host, $"/api/orders{path(turn++)}", $"X-Api-Key: {host.Key}"));
                    return status == 200 ? 1 : throw Requests.Unexpected(status, body);
                });
            }));
            var result = await ClosedLoop.RunAsync(callers, run.WarmUp / 2, run.Measured / 2, host.MeterCpu);
            rows.Add(new()
            {
                Work = $"list of {count:N0} orders, {what}, 8 connections", Result = $"p99 {result.Latency.P99:0.0} ms", Latency = result.Latency,
                Aim = "p99 < 50 ms", Met = result.Latency.P99 < 50, Cpu = result.Cpu, Note = $"{result.Rate:N0}/s.",
            });
        }

        return rows;
    }

    /// <summary>How long the host takes to announce an overdue order, among many whose deadlines are still ahead.</summary>
    private static async Task<Measurement> OverdueAsync(BenchHost host)
    {
        const int Open = 100_000;
        const int Missed = 200;
        await ExecuteAsync(host.Database, $"""
            INSERT INTO entity_current_status (id, entity_type, entity_id, current_status, status_since, sla_deadline)
            SELECT gen_random_uuid(), 'order', id, order_status, now(), now() + interval '1 day'
            FROM "order" WHERE id >= '00000000-0000-7000-8000-000000002000' ORDER BY id LIMIT {Open};
            ANALYZE entity_current_status
            """);
        await ExecuteAsync(host.Database, $"""
            UPDATE entity_current_status s SET sla_deadline = now() + interval '2 seconds' + n * interval '50 milliseconds'
            FROM (SELECT id, row_number() OVER (ORDER BY entity_id) AS n FROM entity_current_status WHERE sla_deadline > now() LIMIT {Missed}) chosen
            WHERE s.id = chosen.id
            """);
        // When a reader of the changes can see it, not when the host noted it.
        var (late, seen, until) = (new List<double>(), new HashSet<Guid>(), DateTime.UtcNow.AddMinutes(1));
        while (late.Count < Missed && DateTime.UtcNow < until)
        {
            await using var command = host.Database.CreateCommand("""
                SELECT entity_id, extract(epoch FROM clock_timestamp() - (data->>'slaDeadline')::timestamptz)::float8 * 1000 FROM change_event WHERE type = 'status.overdue'
                """);
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                if (seen.Add(row.GetGuid(0)))
                {
                    late.Add(row.GetDouble(1));
                }
            }
        }

        var latency = Percentiles.Of(late);
        return new()
        {
            Work = $"overdue: from the deadline until its change can be read, among {Open:N0} open deadlines", Result = $"{late.Count} of {Missed} raised, the last after {latency.Max:0} ms", Latency = latency,
            Aim = "within a second", Met = late.Count == Missed && latency.Max < 1_000,
        };
    }

    private static byte[] ActionOn(BenchHost host, string order, bool isHeld) =>
        Requests.Post(host, $"/api/orders/{order}/actions/{(isHeld ? "resume" : "hold")}", isHeld ? "{}"u8 : """{"reason":"bench"}"""u8);

    private static async Task<HashSet<string>> HeldAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT id::text FROM \"order\" WHERE order_status = 'on_hold'");
        await using var row = await command.ExecuteReaderAsync();
        var held = new HashSet<string>();
        while (await row.ReadAsync())
        {
            held.Add(row.GetString(0));
        }

        return held;
    }

    private static async Task MakeAsync(NpgsqlDataSource database, int first, int approved, int more)
    {
        var (contact, address) = (Guid.Parse("00000000-0000-7000-a000-000000000001"), Guid.Parse("00000000-0000-7000-b000-000000000001"));
        await ExecuteAsync(database, $$"""
            INSERT INTO organization (id, name, organization_type)
            SELECT ('00000000-0000-7000-9000-' || lpad(v::text, 12, '0'))::uuid, 'Customer ' || v, 'customer_business' FROM generate_series(0, 999) v ON CONFLICT DO NOTHING;
            INSERT INTO contact (id, first_name, last_name, email) VALUES ('{{contact}}', 'Anna', 'Bakker', 'anna@example.nl') ON CONFLICT DO NOTHING;
            INSERT INTO address (id, street_address, street_number, city, postal_code, coordinates)
            VALUES ('{{address}}', 'Neuweg', '12', 'Hilversum', '1211LX', '{"latitude": 52.22, "longitude": 5.17}') ON CONFLICT DO NOTHING
            """);
        await using var command = database.CreateCommand(MakeOrders);
        command.Parameters.Add(new() { Value = first });
        command.Parameters.Add(new() { Value = first == 0 ? approved : first });
        command.Parameters.Add(new() { Value = contact });
        command.Parameters.Add(new() { Value = address });
        command.Parameters.Add(new() { Value = more });
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
        if (first == 0)
        {
            await ExecuteAsync(database, """
                INSERT INTO entity_current_status (id, entity_type, entity_id, current_status, status_since) SELECT gen_random_uuid(), 'order', id, order_status, now() FROM "order";
                ANALYZE "order"; ANALYZE entity_current_status
                """);
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    private static string IdOf(int caller, int turn) => $"00000000-0000-7000-8000-{(caller * OrdersEach) + (turn % OrdersEach):D12}";
}
