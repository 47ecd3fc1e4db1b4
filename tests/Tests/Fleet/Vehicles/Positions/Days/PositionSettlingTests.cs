using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using static ChargeCars.Tests.Fleet.Vehicles.Positions.Days.SettlingDatabase;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions.Days;

public sealed class PositionSettlingTests : IAsyncLifetime
{
    private readonly SettlingDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Settle_OfADayThatIsOver_PutsEachVehiclesFixesTogether()
    {
        await _database.FillAsync();
        var (rows, shape) = (await _database.RowsAsync(), await ShapeAsync());
        Assert.NotEqual(await _database.OrderOfKeysAsync(), await _database.OrderOnDiskAsync()); // there is something to do

        Assert.Equal(1, await SettleAsync());

        Assert.Equal(4_000, rows.Count);
        Assert.Equal(rows, await _database.RowsAsync());
        Assert.Equal(await _database.OrderOfKeysAsync(), await _database.OrderOnDiskAsync());
        Assert.Equal([Due], await _database.SettledAsync());
        Assert.Equal(shape, await ShapeAsync());
        Assert.Empty(await _database.DebrisAsync());
        // No later vacuum needs to write it again.
        Assert.True(await _database.ScalarAsync<bool>($"SELECT relallvisible = relpages AND relpages > 0 FROM pg_class WHERE oid = '{Due}'::regclass"));
    }

    [Fact]
    public async Task Settle_OfASettledDay_IsNotDoneAgain()
    {
        await _database.FillAsync();
        await SettleAsync();
        var table = await TableAsync();

        await _database.InsertAsync(1, 86_399);
        Assert.Equal(0, await SettleAsync());

        Assert.Equal(table, await TableAsync());
        Assert.Equal(4_001, (await _database.RowsAsync()).Count);
    }

    [Fact]
    public async Task Settle_OfADayThatEndedLessThanItsTimeAgoOrIsEmpty_DoesNothing()
    {
        await _database.FillAsync();
        await _database.ExecuteAsync($"INSERT INTO vehicle_position SELECT vehicle_id, fix_time + interval '1 day', received_at, latitude, longitude, accuracy, speed, heading, altitude, ignition, odometer, source FROM {Due}");
        _database.Limits.SettleAfter = TimeSpan.FromHours(36) + TimeSpan.FromSeconds(1);
        Assert.Equal(0, await SettleAsync());

        _database.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await SettleAsync());
        Assert.Equal([Due], await _database.SettledAsync());
        _database.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await SettleAsync());
        _database.Time.Advance(TimeSpan.FromDays(3));
        Assert.Equal(0, await SettleAsync());

        Assert.Equal([Due, TooYoung], await _database.SettledAsync());
    }

    [Fact]
    public async Task Settle_WhereItIsSwitchedOff_OnlyClearsWhatALaterRunWouldHave()
    {
        await _database.FillAsync();
        var died = await _database.LockedConnectionAsync();
        await CopyAsync(died);
        await _database.EndAsync(died);

        _database.Limits.Settle = false;
        Assert.NotEmpty(await _database.DebrisAsync());

        Assert.Equal(0, await SettleAsync());

        Assert.Empty(await _database.DebrisAsync());
        Assert.Empty(await _database.SettledAsync());
    }

    [Fact]
    public async Task Settle_OfADayWithMoreIndexesThanTheKey_HasThemAll()
    {
        await _database.FillAsync();
        await _database.ExecuteAsync("""
            CREATE INDEX "Received" ON vehicle_position (received_at DESC) INCLUDE (speed) WHERE ignition;
            CREATE UNIQUE INDEX on_one_day ON vehicle_position_20260228 (fix_time, vehicle_id);
            """);
        var shape = await ShapeAsync();

        Assert.Equal(1, await SettleAsync());

        Assert.Equal(shape, await ShapeAsync());
        Assert.Equal(3, shape.Count(line => line.Contains("INDEX", StringComparison.Ordinal)));
    }

    /// <summary>As pools have them: prepared, with plans that name the partition.</summary>
    [Fact]
    public async Task Statements_PreparedBefore_GoOnAfterTheSwap()
    {
        await _database.FillAsync();
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var read = new NpgsqlCommand("SELECT count(*) FROM vehicle_position WHERE vehicle_id = $1 AND fix_time >= $2 AND fix_time < $3", connection)
        {
            Parameters = { Sql.Uuid(Vehicle(3)), Sql.Time(Midnight), Sql.Time(Midnight.AddDays(1)) },
        };
        await using var write = new NpgsqlCommand(
            "INSERT INTO vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, source) VALUES ($1, $2, $2, 52, 5, 'late') ON CONFLICT DO NOTHING", connection)
        {
            Parameters = { Sql.Uuid(Vehicle(3)), Sql.Time(Midnight) },
        };
        await using var remove = new NpgsqlCommand("DELETE FROM vehicle_position WHERE vehicle_id = $1 AND fix_time = $2", connection)
        {
            Parameters = { Sql.Uuid(Vehicle(4)), Sql.Time(Midnight) },
        };
        foreach (var command in new[] { read, write, remove })
        {
            await command.PrepareAsync();
        }

        // More often than PostgreSQL tries plans of one use.
        var counts = new List<long>();
        for (var i = 1; i <= 16; i++)
        {
            if (i == 9)
            {
                Assert.Equal(1, await SettleAsync());
            }

            (write.Parameters[1].Value, remove.Parameters[1].Value) = (Midnight.AddSeconds(0.5 + i), Midnight.AddSeconds(7 * i));
            Assert.Equal(1, await write.ExecuteNonQueryAsync());
            Assert.Equal(1, await remove.ExecuteNonQueryAsync());
            counts.Add((long)(await read.ExecuteScalarAsync())!);
        }

        Assert.Equal(Enumerable.Range(201, 16).Select(count => (long)count), counts);
        Assert.Equal(4_000, (await _database.RowsAsync()).Count);
    }

    [Fact]
    public async Task Settle_WhileAWriterIsOpen_GivesUpAndIsDoneAfterIt()
    {
        await _database.FillAsync();
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using (var writer = await connection.BeginTransactionAsync())
        {
            await _database.InsertAsync(1, 1, connection);

            Assert.Equal(0, await _database.WithTimePassingAsync(SettleAsync()));

            Assert.Empty(await _database.SettledAsync());
            await writer.CommitAsync();
        }

        Assert.Empty(await _database.DebrisAsync());
        Assert.Equal(1, await SettleAsync());
        Assert.Equal(4_001, (await _database.RowsAsync()).Count);
    }

    [Fact]
    public async Task Settle_WhileAReaderIsOpen_GivesUpBlocksNobodyAndIsDoneAfterIt()
    {
        await _database.FillAsync();
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using (var reader = await connection.BeginTransactionAsync())
        {
            await _database.ExecuteAsync("SELECT count(*) FROM vehicle_position", connection);

            Assert.Equal(0, await _database.WithTimePassingAsync(SettleAsync()));

            Assert.Empty(await _database.SettledAsync());
            await using var others = await _database.Source.OpenConnectionAsync();
            await _database.ExecuteAsync("SET lock_timeout = '1s'", others);
            await _database.InsertAsync(1, 1, others);
            await _database.RemoveAsync(2, 0, 8, others);
            await reader.CommitAsync();
        }

        var rows = await _database.RowsAsync();
        Assert.Equal(1, await SettleAsync());
        Assert.Equal(3_999, rows.Count);
        Assert.Equal(rows, await _database.RowsAsync());
        Assert.Empty(await _database.DebrisAsync());
    }

    [Fact]
    public async Task Settle_ByManyHostsAtOnce_SettlesEachDayOnce()
    {
        await _database.FillAsync();

        var settled = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(SettleAsync)));

        Assert.Equal(1, settled.Sum());
        Assert.Equal(4_000, (await _database.RowsAsync()).Count);
        Assert.Empty(await _database.DebrisAsync());
    }

    [Fact]
    public async Task Retention_WhileADayIsSettled_TakesNoDayAwayAndKnowsNothingOfTheCopy()
    {
        await _database.FillAsync();
        var run = await _database.LockedConnectionAsync();
        var steps = await CopyAsync(run);
        _database.Time.SetUtcNow(Midnight.AddDays(12));
        Assert.Equal(0, await _database.Partitions.DropExpiredAsync(CancellationToken.None));
        Assert.True(await _database.Partitions.EnsureAsync(CancellationToken.None) > 0);
        Assert.True(await steps.SwapAsync(_database.Time.GetUtcNow(), CancellationToken.None));
        await _database.EndAsync(run);

        Assert.Equal([Due], await _database.SettledAsync());
        Assert.Equal(2, await _database.Partitions.DropExpiredAsync(CancellationToken.None));
        Assert.Empty(await _database.SettledAsync());
        Assert.Empty(await _database.RowsAsync());
    }

    [Fact]
    public async Task Settle_WhileRetentionDropsDays_LeavesThemAlone()
    {
        await _database.FillAsync();
        var retention = await _database.LockedConnectionAsync();
        Assert.Equal(0, await SettleAsync());
        await _database.EndAsync(retention);

        Assert.Empty(await _database.SettledAsync());
        Assert.Empty(await _database.DebrisAsync());
    }

    [Fact]
    public async Task Settle_WhoseDetachOfAnotherDayWasInterrupted_SettlesAllTheSame()
    {
        await _database.FillAsync();
        await using (var connection = await _database.Source.OpenConnectionAsync())
        {
            await using var open = await connection.BeginTransactionAsync();
            await _database.ExecuteAsync("SELECT count(*) FROM vehicle_position", connection);
            await using var other = await _database.Source.OpenConnectionAsync();
            await _database.ExecuteAsync("SET lock_timeout = '1s'", other);
            var fault = await Assert.ThrowsAsync<PostgresException>(
                () => _database.ExecuteAsync($"ALTER TABLE vehicle_position DETACH PARTITION {TooYoung} CONCURRENTLY", other));
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, fault.SqlState);
        }

        Assert.True(await _database.ScalarAsync<bool>("SELECT bool_or(inhdetachpending) FROM pg_inherits"));

        Assert.Equal(1, await SettleAsync());

        Assert.Equal(4_000, (await _database.RowsAsync()).Count);
    }

    [Fact]
    public async Task Settle_ThatFailsOfOneDay_LeavesItAsItWasAndSettlesTheOthers()
    {
        await _database.FillAsync();
        _database.Time.Advance(TimeSpan.FromDays(1));
        await _database.InsertAsync(1, 86_400 + 5);
        // The copy refuses a row that the partition has, as a full disk would.
        await _database.ExecuteAsync($"ALTER TABLE {TooYoung} ADD CONSTRAINT ck_bad CHECK (longitude > 6) NOT VALID");

        Assert.Equal(1, await SettleAsync());

        Assert.Equal([Due], await _database.SettledAsync());
        Assert.Empty(await _database.DebrisAsync());
        Assert.Equal(1, await _database.ScalarAsync<long>($"SELECT count(*) FROM {TooYoung}"));
    }

    [Fact]
    public async Task Settle_OfADayThatIsTruncatedMeanwhile_BringsNothingBack()
    {
        await _database.FillAsync();
        var run = await _database.LockedConnectionAsync();
        var steps = await CopyAsync(run);
        await _database.ExecuteAsync($"TRUNCATE {Due}");

        await Assert.ThrowsAsync<InvalidOperationException>(() => steps.SwapAsync(_database.Time.GetUtcNow(), CancellationToken.None));
        await _database.EndAsync(run);

        Assert.Equal(0, await SettleAsync());
        Assert.Empty(await _database.RowsAsync());
        Assert.Empty(await _database.DebrisAsync());
    }

    [Fact]
    public async Task Service_AfterItsInterval_Settles()
    {
        await _database.FillAsync();
        using var service = new PositionSettlingService(
            _database.Settling, _database.Time, Options.Create(_database.Limits), NullLogger<PositionSettlingService>.Instance);
        await service.StartAsync(CancellationToken.None);

        while ((await _database.SettledAsync()).Count == 0)
        {
            _database.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await service.StopAsync(CancellationToken.None);
        Assert.Equal(4_000, (await _database.RowsAsync()).Count);
    }

    private Task<int> SettleAsync() => _database.Settling.SettleAsync(CancellationToken.None);

    private async Task<PositionDaySettling> CopyAsync(NpgsqlConnection connection)
    {
        var steps = new PositionDaySettling(connection, _database.Day);
        Assert.True(await steps.PrepareAsync(CancellationToken.None));
        await using var reader = await _database.Source.OpenConnectionAsync();
        await steps.CopyAsync(reader, CancellationToken.None);
        return steps;
    }

    private Task<long> TableAsync() => _database.ScalarAsync<long>($"SELECT '{Due}'::regclass::oid::bigint");

    // What a partition is made of, by names that are the same before and after.
    private Task<List<string>> ShapeAsync() => _database.LinesAsync($"""
        SELECT concat_ws(' ', attnum, attname, format_type(atttypid, atttypmod), attnotnull) FROM pg_attribute WHERE attrelid = '{Due}'::regclass AND attnum > 0
        UNION ALL SELECT pg_get_indexdef(indexrelid) || ' ' || coalesce((SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = indexrelid), '')
        FROM pg_index WHERE indrelid = '{Due}'::regclass
        UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '{Due}'::regclass
        UNION ALL SELECT pg_get_expr(relpartbound, oid) || ' ' || coalesce(relacl::text, '') || ' ' || relowner::regrole FROM pg_class WHERE oid = '{Due}'::regclass
        ORDER BY 1
        """);
}
