using ChargeCars.Catalogue.Stock;
using ChargeCars.Testing;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Catalogue.Stock;

/// <summary>Many callers on two hosts and one database: ledger, balances and reservations agree whatever they ask.</summary>
public sealed class StockLedgerTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));
    private TestDatabase _database = null!;
    private StockHost[] _hosts = [];

    private static Guid Shed => StockWorld.Id(1);

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        await _database.ScalarAsync($"""
            INSERT INTO product (id, name, product_type) VALUES ('{StockWorld.Product}', 'Cable', 'cable');
            INSERT INTO vehicle (id, license_plate, vehicle_type) VALUES ('{StockWorld.Id(43)}', 'V-1', 'van'), ('{StockWorld.Id(44)}', 'V-2', 'van');
            INSERT INTO "order" (id, order_number, business_entity) VALUES ('{StockWorld.Id(21)}', 'A', 'chargecars'), ('{StockWorld.Id(22)}', 'B', 'chargecars');
            INSERT INTO visit (id, order_id, sequence, business_entity, visit_type, status) VALUES
                ('{StockWorld.Id(11)}', '{StockWorld.Id(21)}', 1, 'chargecars', 'install', 'on_site'), ('{StockWorld.Id(12)}', '{StockWorld.Id(22)}', 1, 'chargecars', 'install', 'in_progress'),
                ('{StockWorld.Id(13)}', '{StockWorld.Id(22)}', 2, 'chargecars', 'install', 'draft');
            """);
        foreach (var place in StockWorld.Places)
        {
            await _database.ScalarAsync($"""
                INSERT INTO stock_place (id, name, place_type, vehicle_id)
                VALUES ('{place.Id}', '{place.Name}', '{(place.VehicleId is null ? "warehouse" : "vehicle")}', {(place.VehicleId is { } van ? $"'{van}'" : "NULL")})
                """);
        }

        _hosts = [await StartAsync(), await StartAsync()];
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Reserve_SixtyFourCallersForTheLastTen_TenGetOneAndTheOthersAreToldHowManyThereAre()
    {
        await _hosts[0].InsistAsync(StockWorld.Product, new MoveStock(Guid.NewGuid()) { ToPlaceId = Shed, Quantity = 10 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(n => Task.Run(() => _hosts[n % 2].InsistAsync(StockWorld.Product, new ReserveStock(Guid.NewGuid())
        {
            PlaceId = Shed, Quantity = 1, OwnerType = ReservationOwner.Order, OwnerId = StockWorld.Id(21), OrderId = StockWorld.Id(21),
        }))));

        Assert.Equal(10, answers.Count(answer => answer.Succeeded));
        Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal(
            ("insufficient_stock", 0L), (Assert.IsType<Conflict>(answer.Error).Code, ((Conflict)answer.Error!).Figures!["available"])));
        Assert.Equal((10, 10), await BalanceAsync(Shed));
        await AssertAgreesAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyCommands_OfSixteenCallersOnTwoHosts_AgreeAfterwardsAndAtTheNextStart(int seed)
    {
        var accepted = await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var (world, done) = (new StockWorld((seed * 100) + caller), 0);
            for (var n = 0; n < 40; n++)
            {
                // Each asks twice, of both hosts at once: it has one effect.
                var command = world.Next(_time.GetUtcNow());
                var twice = await Task.WhenAll(_hosts[0].InsistAsync(StockWorld.Product, command), _hosts[1].InsistAsync(StockWorld.Product, command));
                done += twice.Count(one => one.Succeeded);
                _time.Advance(TimeSpan.FromSeconds(5));
            }

            return done;
        })));

        Assert.True(accepted.Sum() > 200, $"{accepted.Sum()}");
        await AssertAgreesAsync();
        await using var fresh = await StartAsync();
        await fresh.InsistAsync(StockWorld.Product, new MoveStock(Guid.NewGuid()) { ToPlaceId = Shed, Quantity = 1 });
        await AssertAgreesAsync();
        Assert.Equal(0L, await ScalarAsync<long>("""
            SELECT count(*) FROM stock_movement m WHERE (SELECT count(*) FROM audit_log a WHERE a.table_name = 'stock_movement' AND a.record_id = m.id) <> 1
                OR NOT EXISTS (SELECT FROM change_event c WHERE c.entity_id = m.id AND c.type = 'stock.moved')
            """));
        Assert.Equal(0L, await ScalarAsync<long>("""
            SELECT count(*) FROM stock_reservation r WHERE (SELECT count(*) FROM audit_log a WHERE a.table_name = 'stock_reservation' AND a.record_id = r.id) <> r.version
            """));
    }

    [Fact]
    public async Task Database_IsAskedForMoreThanThereIs_RefusesWhateverTheProgramBelieves()
    {
        await _hosts[0].InsistAsync(StockWorld.Product, new MoveStock(Guid.NewGuid()) { ToPlaceId = Shed, Quantity = 2 });

        foreach (var change in new[] { "on_hand = on_hand - 3", "reserved = 3", "serials = 3" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => _database.ScalarAsync($"UPDATE stock_balance SET {change}"));
            Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        }
    }

    [Fact]
    public async Task Check_OfWhatSomebodyChangedByHand_NamesEachDifferenceOnceWithARecordAndAChange()
    {
        await _hosts[0].InsistAsync(StockWorld.Product, new MoveStock(Guid.NewGuid()) { ToPlaceId = Shed, Quantity = 5 });
        await _hosts[0].InsistAsync(StockWorld.Product, new MoveStock(Guid.NewGuid()) { ToPlaceId = Shed, Quantity = 1, SerialNumber = "SN-1" });
        await AssertAgreesAsync();
        await _hosts[0].InsistAsync(StockWorld.Product, new MoveStock(Guid.NewGuid()) { ToPlaceId = Shed, Quantity = 1, SerialNumber = "SN-2" });
        // One of two that held a number of their maker before such a thing was refused.
        await _database.ScalarAsync("UPDATE stock_serial SET maker = NULL WHERE serial_number = 'SN-2'");
        await _database.ScalarAsync($"UPDATE stock_balance SET on_hand = 8, reserved = 1; UPDATE stock_serial SET place_id = NULL WHERE serial_number = 'SN-1'");

        var (result, found) = await _hosts[1].Check.RunAsync(Guid.CreateVersion7(), new(Guid.NewGuid(), Actor.System), CancellationToken.None);

        Assert.Equal(["maker", "numbered", "on_hand", "piece", "product", "reserved"], found.Select(one => one.Rule).Order(StringComparer.Ordinal));
        Assert.Equal((7L, 8L), found.Where(one => one.Rule == "on_hand").Select(one => (one.Expected, one.Actual)).Single());
        Assert.Equal((1L, 6), (result.Balances, result.Differences));
        Assert.Equal(6L, await ScalarAsync<long>($"SELECT count(*) FROM stock_difference WHERE check_id = '{result.Id}'"));
        Assert.Equal(6L, await ScalarAsync<long>("SELECT count(*) FROM change_event WHERE type = 'stock.differs'"));
    }

    private async Task AssertAgreesAsync()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var (_, found) = await _hosts[0].Check.RunAsync(Guid.CreateVersion7(), new(Guid.NewGuid(), Actor.System), CancellationToken.None);
        // Nobody ends reservations by the clock here.
        Assert.Empty(found.Where(one => one.Rule != "expired").Select(one => one.ToString()));
    }

    private async Task<(int OnHand, int Reserved)> BalanceAsync(Guid place) => (
        await ScalarAsync<int>($"SELECT on_hand FROM stock_balance WHERE place_id = '{place}'"), await ScalarAsync<int>($"SELECT reserved FROM stock_balance WHERE place_id = '{place}'"));

    private async Task<T> ScalarAsync<T>(string sql) => (T)(await _database.ScalarAsync(sql))!;

    private Task<StockHost> StartAsync() => StockHost.StartAsync(_database.ConnectionString, _time, [StockWorld.Product]);
}
