using System.Text;
using ChargeCars.Bench.Fixes;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Bench;

/// <summary>Entity commands a second, at the store and over HTTP, beside pgbench with the same statements.</summary>
internal sealed class Commands : IBenchmark
{
    private const int Callers = 64;
    private const int VehiclesEach = 16;

    /// <summary>
    /// The five tables of a command. Its change events are numbered by a sequence: the dense numbers that the product gives
    /// need a lock held over the commit, with which this script would be slower.
    /// </summary>
    private const string FiveTables = """
        \set v random(0, 1023)
        \startpipeline
        BEGIN;
        UPDATE vehicle SET version = version + 1, updated_at = now(), operational_status = 'driving'
        WHERE id = ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid;
        INSERT INTO audit_log (id, table_name, record_id, action, old_values, new_values, business_context, ip_address, created_at)
        VALUES (gen_random_uuid(), 'vehicle', ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid, 'STATUS_CHANGE',
            '{"operational_status": "parked"}', '{"operational_status": "driving"}', '{"actor": {"kind": "key", "name": "bench"}, "version": 1}', '127.0.0.1', now());
        INSERT INTO status_transition (id, entity_type, entity_id, from_status, to_status, triggered_by_system, created_at)
        VALUES (gen_random_uuid(), 'vehicle', ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid, 'parked', 'driving', 'bench', now());
        INSERT INTO entity_current_status (id, entity_type, entity_id, current_status, status_since)
        VALUES (gen_random_uuid(), 'vehicle', ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid, 'driving', now())
        ON CONFLICT (entity_type, entity_id) DO UPDATE SET current_status = excluded.current_status, status_since = excluded.status_since, updated_at = now();
        INSERT INTO change_event (sequence, type, entity_type, entity_id, occurred_at, actor, data)
        VALUES (nextval('bench_change'), 'vehicle.status_changed', 'vehicle', ('00000000-0000-7000-8000-' || lpad(:v::text, 12, '0'))::uuid, now(),
            '{"kind": "key", "name": "bench"}', '{"from": "parked", "to": "driving", "version": 1, "licensePlate": "BENCH-1"}');
        COMMIT;
        \endpipeline
        """;

    public string Name => "commands";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await Vans.MakeAsync(host.Database, Callers * VehiclesEach);
        var baseline = await BaselineAsync(server, run);
        var beside = $"the same statements by pgbench, pipelined, {Callers} clients: {baseline:N0}/s";
        var store = await AtTheStoreAsync(host, run);
        var http = await OverHttpAsync(host, run);
        return
        [
            new()
            {
                Work = $"entity commands at the store, {Callers} callers", Result = $"{store.Rate:N0}/s", Latency = store.Latency,
                Baseline = beside, Ratio = store.Rate / baseline, Aim = "2×", Met = store.Rate >= 2 * baseline, Cpu = store.Cpu,
                Note = "Store and callers are in this process: the first figure of CPU is both.",
            },
            new()
            {
                Work = $"the same over HTTP, {Callers} connections", Result = $"{http.Rate:N0}/s", Latency = http.Latency,
                Baseline = beside, Ratio = http.Rate / baseline, Aim = "1×", Met = http.Rate >= baseline, Cpu = http.Cpu,
            },
        ];
    }

    private static async Task<double> BaselineAsync(BenchServer server, BenchRun run)
    {
        // In a database of its own: its change events would be holes in the host's feed.
        var connectionString = await server.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await new MigrationRunner(database, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        await Vans.MakeAsync(database, Callers * VehiclesEach);
        await using (var sequence = database.CreateCommand("CREATE SEQUENCE bench_change CACHE 100"))
        {
            await sequence.ExecuteNonQueryAsync();
        }

        return await Pgbench.RunAsync(connectionString, FiveTables, Callers, run.Measured);
    }

    private static async Task<LoadResult> AtTheStoreAsync(BenchHost host, BenchRun run)
    {
        await using var source = NpgsqlDataSource.Create(host.ConnectionString + ";Max Auto Prepare=100;Auto Prepare Min Usages=2;No Reset On Close=true");
        using var publisher = new ChangePublisher(null!, NullLogger<ChangePublisher>.Instance);
        using var commits = new GroupCommit(source, publisher, new DueSignal(), Options.Create(new GroupCommitOptions()), NullLogger<GroupCommit>.Instance);
        await commits.StartAsync(CancellationToken.None);
        var store = new EntityStore<Vehicle, VehicleKind>(source, commits);
        var actor = new Actor(ActorKind.Key, Guid.CreateVersion7(), "bench");
        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var vehicles = await Task.WhenAll(Enumerable.Range(caller * VehiclesEach, VehiclesEach)
                .Select(number => store.LoadAsync(Vans.IdOf(number), CancellationToken.None)));
            var turn = 0;
            return (Func<Task<int>>)(async () =>
            {
                var place = turn++ % VehiclesEach;
                var (applied, after) = await CommitAsync(vehicles[place]!);
                vehicles[place] = after;
                return applied ? 1 : throw new InvalidOperationException($"Version {after!.Version - 1} of {after.Id} was stale.");
            });
        }));
        var result = await ClosedLoop.RunAsync(callers, run.WarmUp, run.Measured, () => new CpuMeter(null, host.Postmaster));
        await commits.StopAsync(CancellationToken.None);
        return result;

        Task<(bool Applied, Vehicle? After)> CommitAsync(Vehicle before)
        {
            var now = new DateTimeOffset(DateTime.UtcNow.Ticks / 10 * 10, TimeSpan.Zero);
            var context = new CommandContext(Guid.CreateVersion7(now), actor, IpAddress: "127.0.0.1");
            var command = new ActOnVehicle(before.OperationalStatus == VehicleStatus.Driving ? VehicleAction.Park : VehicleAction.Drive);
            return store.CommitAsync(before, VehicleDecider.Decide(before, command).Value!, "Bench", context, now);
        }
    }

    private static async Task<LoadResult> OverHttpAsync(BenchHost host, BenchRun run)
    {
        var parkFirst = await DrivingAsync(host);
        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var line = await HttpLine.OpenAsync(host.Url);
            byte[][][] requests = [.. Enumerable.Range(caller * VehiclesEach, VehiclesEach).Select(Actions)];
            var turn = 0;
            return (Func<Task<int>>)(async () =>
            {
                var (vehicle, round) = (turn % VehiclesEach, turn / VehiclesEach);
                turn++;
                var (status, body) = await line.AskAsync(requests[vehicle][round % 2]);
                return status == 200 ? 1 : throw Requests.Unexpected(status, body);
            });
        }));
        return await ClosedLoop.RunAsync(callers, run.WarmUp, run.Measured, host.MeterCpu);

        byte[][] Actions(int number)
        {
            string[] actions = parkFirst.Contains(Vans.IdOf(number)) ? ["park", "drive"] : ["drive", "park"];
            return [.. actions.Select(action => Requests.Post(host, $"/api/vehicles/{Vans.IdOf(number)}/actions/{action}", Encoding.ASCII.GetBytes("{}")))];
        }
    }

    private static async Task<HashSet<Guid>> DrivingAsync(BenchHost host)
    {
        await using var select = host.Database.CreateCommand("SELECT id FROM vehicle WHERE operational_status = 'driving'");
        await using var row = await select.ExecuteReaderAsync();
        var driving = new HashSet<Guid>();
        while (await row.ReadAsync())
        {
            driving.Add(row.GetGuid(0));
        }

        return driving;
    }
}
