using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;
using ChargeCars.Catalogue.Stock;
using ChargeCars.Platform.Storage;
using ChargeCars.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Bench;

/// <summary>Reservations a second, all of one product and spread over a thousand, beside the same statements by pgbench.</summary>
internal sealed class Reservations : IBenchmark
{
    private const int Callers = 64;
    private const int Products = 1_000;

    /// <summary>
    /// What a careful hand would write: the guarded UPDATE, the reservation, its audit and its change, in one pipelined transaction. Its change
    /// events are numbered by a sequence, without the lock that the product's dense numbers need.
    /// </summary>
    private const string Guarded = """
        \set p random(1, :products)
        \startpipeline
        BEGIN;
        UPDATE stock_balance SET reserved = reserved + 1, version = version + 1, updated_at = now()
        WHERE product_id = ('00000000-0000-7000-8000-' || lpad(:p::text, 12, '0'))::uuid AND on_hand - reserved >= 1;
        INSERT INTO stock_reservation (id, product_id, place_id, quantity, owner_type, owner_id, state)
        VALUES (gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad(:p::text, 12, '0'))::uuid, '00000000-0000-7000-9000-000000000001', 1, 'order', gen_random_uuid(), 'held');
        INSERT INTO audit_log (id, table_name, record_id, action, new_values, business_context, ip_address, created_at)
        VALUES (gen_random_uuid(), 'stock_reservation', gen_random_uuid(), 'CREATE', '{"state": "held", "quantity": 1, "owner_type": "order"}',
            '{"actor": {"kind": "key", "name": "bench"}, "version": 1}', '127.0.0.1', now());
        INSERT INTO change_event (sequence, type, entity_type, entity_id, occurred_at, actor, data)
        VALUES (nextval('bench_change'), 'stock.reserved', 'stock_reservation', gen_random_uuid(), now(), '{"kind": "key", "name": "bench"}', '{"quantity": 1, "available": 1}');
        COMMIT;
        \endpipeline
        """;

    private static readonly Guid Place = new("00000000-0000-7000-9000-000000000001");

    public string Name => "reservations";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        await using var server = await BenchServer.StartAsync();
        var rows = new List<Measurement>();
        foreach (var products in new[] { 1, Products })
        {
            var baseline = await BaselineAsync(server, run, products);
            var result = await AtTheGrainAsync(server, run, products);
            rows.Add(new()
            {
                Work = $"reservations of {(products == 1 ? "one product" : $"{products:N0} products")} at the grain, {Callers} callers", Result = $"{result.Rate:N0}/s", Latency = result.Latency,
                Baseline = $"guarded UPDATE, reservation, audit and change by pgbench, pipelined, {Callers} clients: {baseline:N0}/s", Ratio = result.Rate / baseline, Cpu = result.Cpu,
                Note = "The whole host and the callers are in this process: the first figure of CPU is both.",
            });
        }

        return rows;
    }

    private static async Task<double> BaselineAsync(BenchServer server, BenchRun run, int products)
    {
        var connectionString = await server.CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await new MigrationRunner(database, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        await FillAsync(database, products);
        await using (var sequence = database.CreateCommand("CREATE SEQUENCE bench_change CACHE 100"))
        {
            await sequence.ExecuteNonQueryAsync();
        }

        return await Pgbench.RunAsync(connectionString, Guarded.Replace(":products", $"{products}", StringComparison.Ordinal), Callers, run.Measured);
    }

    private static async Task<LoadResult> AtTheGrainAsync(BenchServer server, BenchRun run, int products)
    {
        var data = Directory.CreateTempSubdirectory("chargecars-bench-host-");
        var connectionString = await server.CreateDatabaseAsync();
        await using var here = await ChargeCarsHost.StartAsync(InProcess.Arguments(connectionString, data.FullName));
        await using (var database = NpgsqlDataSource.Create(connectionString))
        {
            await FillAsync(database, products);
        }

        var grains = here.App.Services.GetRequiredService<IGrainFactory>();
        var (actor, owner) = (new Actor(ActorKind.Key, Guid.CreateVersion7(), "bench"), Guid.CreateVersion7());
        var caller = (Func<Task<int>>)(async () =>
        {
            var reserve = new ReserveStock(Guid.CreateVersion7()) { PlaceId = Place, Quantity = 1, OwnerType = ReservationOwner.Order, OwnerId = owner };
            var reserved = await grains.GetGrain<IStockGrain>(ProductOf(Random.Shared.Next(products) + 1)).ExecuteAsync(reserve, new CommandContext(Guid.CreateVersion7(), actor));
            return reserved.Succeeded ? 1 : throw new InvalidOperationException(reserved.Error.Detail);
        });
        return await ClosedLoop.RunAsync([.. Enumerable.Repeat(caller, Callers)], run.WarmUp, run.Measured, () => new CpuMeter(null, server.Process));
    }

    private static Guid ProductOf(int n) => new($"00000000-0000-7000-8000-{n:000000000000}");

    // Enough of each that nobody is ever refused; the ledger says where it came from.
    private static async Task FillAsync(NpgsqlDataSource database, int products)
    {
        await using var fill = database.CreateCommand($"""
            INSERT INTO stock_place (id, name, place_type) VALUES ('{Place}', 'Bench', 'warehouse');
            INSERT INTO product (id, name, product_type)
            SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Bench ' || n, 'cable' FROM generate_series(1, {products}) n;
            INSERT INTO product_stock (id, on_hand) SELECT id, 90000000 FROM product;
            INSERT INTO stock_balance (id, product_id, place_id, on_hand, reserved, serials) SELECT gen_random_uuid(), id, '{Place}', 90000000, 0, 0 FROM product;
            INSERT INTO stock_movement (id, product_id, to_place_id, quantity) SELECT gen_random_uuid(), id, '{Place}', 90000000 FROM product;
            """);
        await fill.ExecuteNonQueryAsync();
    }
}
