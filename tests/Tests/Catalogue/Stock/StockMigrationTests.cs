using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Platform.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Tests.Catalogue.Stock;

/// <summary>A database in which two products of one maker hold one number, from before that was refused.</summary>
public sealed class StockMigrationTests
{
    [Fact]
    public async Task NumbersOfMakers_OfTwoThatHoldOneNumber_AreTheOlderOnes_AndWhatIsGoneHoldsNone()
    {
        await using var database = await MigrationDatabase.EmptyAsync();
        await RunAsync(database, migration => migration.Number < 46);
        await database.ExecuteAsync("""
            INSERT INTO product (id, name, brand) VALUES (uuid_of(1), 'Go', 'Zaptec'), (uuid_of(2), 'Go 2', 'ZAPTEC'), (uuid_of(3), 'Cable', NULL);
            INSERT INTO stock_place (id, name, place_type) VALUES (uuid_of(9), 'Shed', 'warehouse');
            INSERT INTO stock_serial (id, product_id, serial_number, place_id, visit_id, last_movement_id, created_at) VALUES
                (uuid_of(11), uuid_of(1), 'GONE', NULL, NULL, uuid_of(90), '2026-01-01Z'), (uuid_of(12), uuid_of(2), 'GONE', uuid_of(9), NULL, uuid_of(90), '2026-01-02Z'),
                (uuid_of(13), uuid_of(1), 'BOTH', uuid_of(9), NULL, uuid_of(90), '2026-01-02Z'), (uuid_of(14), uuid_of(2), 'BOTH', NULL, uuid_of(91), uuid_of(90), '2026-01-01Z'),
                (uuid_of(15), uuid_of(3), 'BOTH', uuid_of(9), NULL, uuid_of(90), '2026-01-03Z');
            """.Replace("uuid_of(", "pg_temp.uuid_of(", StringComparison.Ordinal).Insert(0, """
            CREATE FUNCTION pg_temp.uuid_of(n integer) RETURNS uuid LANGUAGE sql AS $$ SELECT ('0199a000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid $$;
            """));

        await RunAsync(database, _ => true);

        Assert.Equal(
            ["11 zaptec", "12 zaptec", "13 none", "14 zaptec", "15 cable"],
            await database.LinesAsync("SELECT right(id::text, 2) || ' ' || coalesce(maker, 'none') FROM stock_serial ORDER BY id"));
        // The younger of the two moves only out of the house.
        var refused = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync("UPDATE stock_serial SET maker = 'zaptec' WHERE right(id::text, 2) = '13'"));
        Assert.Equal("uq_stock_serial_maker", refused.ConstraintName);
        await database.ExecuteAsync("UPDATE stock_serial SET maker = 'zaptec', place_id = NULL WHERE right(id::text, 2) = '13'");
    }

    private static Task<int> RunAsync(MigrationDatabase database, Func<Migration, bool> which) =>
        new MigrationRunner(database.Source, NullLogger<MigrationRunner>.Instance, [.. Migration.Embedded().Where(which)]).RunAsync(CancellationToken.None);
}
