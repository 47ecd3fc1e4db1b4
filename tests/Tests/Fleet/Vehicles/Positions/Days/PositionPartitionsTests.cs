using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Testing;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using ChargeCars.Tests.Platform.Storage;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions.Days;

public sealed class PositionPartitionsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);

    private readonly PositionOptions _options = new()
    {
        MaxAge = TimeSpan.FromDays(2),
        Retention = TimeSpan.FromDays(10),
    };

    private MigrationDatabase _database = null!;
    private PositionPartitions _partitions = null!;

    public async Task InitializeAsync()
    {
        _database = await MigrationDatabase.MigratedAsync();
        _partitions = new(_database.Source, _time, Options.Create(_options));
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Ensure_OnANewDatabase_MakesTheDaysFromMaxAgeToAWeekAhead()
    {
        Assert.Equal(10, await _partitions.EnsureAsync(CancellationToken.None));

        Assert.Equal(
            Enumerable.Range(0, 10).Select(day => $"vehicle_position_{Noon.AddDays(day - 2):yyyyMMdd}"),
            await NamesAsync());
        Assert.Equal(0, await _database.ScalarAsync<long>("SELECT count(*) FROM pg_constraint WHERE conname = 'ck_range'"));
    }

    [Fact]
    public async Task Ensure_WhereFixesMayBeYearsOld_MakesTheDaysOfAWeekAroundTodayOnly()
    {
        (_options.MaxAge, _options.Retention) = (TimeSpan.FromDays(5_000), TimeSpan.FromDays(6_000));

        Assert.Equal(15, await _partitions.EnsureAsync(CancellationToken.None));

        Assert.Equal($"vehicle_position_{Noon.AddDays(-7):yyyyMMdd}", (await NamesAsync())[0]);
    }

    [Fact]
    public async Task Ensure_OfManyDays_MakesThoseThatAreMissing()
    {
        await _partitions.EnsureAsync(CancellationToken.None);
        var days = PositionDay.Range(Noon.AddDays(-100), Noon).ToList();

        Assert.Equal(98, await _partitions.EnsureAsync(days, CancellationToken.None));
        Assert.Equal(0, await _partitions.EnsureAsync(days, CancellationToken.None));
    }

    [Fact]
    public async Task Ensure_Again_MakesNothing()
    {
        await _partitions.EnsureAsync(CancellationToken.None);

        Assert.Equal(0, await _partitions.EnsureAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Ensure_ADayLater_MakesOneMore()
    {
        await _partitions.EnsureAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, await _partitions.EnsureAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Ensure_ByManyHostsAtOnce_MakesEachDayOnce()
    {
        var made = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Task.Run(() => _partitions.EnsureAsync(CancellationToken.None))));

        Assert.Equal(10, made.Sum());
    }

    [Fact]
    public async Task Ensure_WhileFixesAreWritten_WaitsForNobodyAndBlocksNobody()
    {
        await _partitions.EnsureAsync(CancellationToken.None);
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var writer = await connection.BeginTransactionAsync();
        await InsertAsync(connection, Noon);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, await _partitions.EnsureAsync(CancellationToken.None));

        await InsertAsync(connection, Noon.AddSeconds(1));
        await writer.CommitAsync();
    }

    [Fact]
    public async Task Fix_WhenStored_LandsInItsDay()
    {
        await _partitions.EnsureAsync(CancellationToken.None);
        await using var connection = await _database.Source.OpenConnectionAsync();

        await InsertAsync(connection, new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero));
        await InsertAsync(connection, new DateTimeOffset(2026, 3, 2, 23, 59, 59, TimeSpan.Zero));

        Assert.Equal(
            ["vehicle_position_20260302", "vehicle_position_20260303"],
            await _database.LinesAsync("SELECT tableoid::regclass::text FROM vehicle_position ORDER BY 1"));
    }

    [Fact]
    public async Task DropExpired_AtTheEndOfRetention_DropsTheDaysThatAreOverAndNoOther()
    {
        await _partitions.EnsureAsync(CancellationToken.None);
        // The first day, 28 February, ends on 1 March at midnight: it is over at midnight on the 11th.
        _time.SetUtcNow(new DateTimeOffset(2026, 3, 10, 23, 59, 59, TimeSpan.Zero));
        Assert.Equal(0, await _partitions.DropExpiredAsync(CancellationToken.None));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await _partitions.DropExpiredAsync(CancellationToken.None));

        Assert.Equal("vehicle_position_20260301", (await NamesAsync())[0]);
        Assert.True(await _database.ScalarAsync<bool>("SELECT to_regclass('vehicle_position_20260228') IS NULL"));
        Assert.Equal(["vehicle_position_20260228 Retention"], await _database.LinesAsync(
            "SELECT concat_ws(' ', old_values ->> 'partition', change_summary) FROM audit_log WHERE table_name = 'vehicle_position' AND action = 'DELETE'"));
    }

    [Fact]
    public async Task DropExpired_WhileAWriterIsOpen_WaitsForItAndBlocksNoOther()
    {
        await _partitions.EnsureAsync(CancellationToken.None);
        _time.SetUtcNow(new DateTimeOffset(2026, 3, 11, 0, 0, 0, TimeSpan.Zero));
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var open = await connection.BeginTransactionAsync();
        await InsertAsync(connection, Noon);

        var drop = _partitions.DropExpiredAsync(CancellationToken.None);
        await WaitUntilDetachWaitsAsync();
        await using (var others = await _database.Source.OpenConnectionAsync())
        {
            await using var limit = new NpgsqlCommand("SET lock_timeout = '1s'", others);
            await limit.ExecuteNonQueryAsync();
            await InsertAsync(others, Noon.AddSeconds(1));
            await using var read = new NpgsqlCommand("SELECT count(*) FROM vehicle_position", others);
            Assert.Equal(1L, await read.ExecuteScalarAsync());
        }

        await InsertAsync(connection, Noon.AddSeconds(2));
        Assert.False(drop.IsCompleted);
        await open.CommitAsync();

        Assert.Equal(1, await drop);
        Assert.Equal(3, await _database.ScalarAsync<long>("SELECT count(*) FROM vehicle_position"));
    }

    [Fact]
    public async Task DropExpired_AfterADetachWasInterrupted_FinishesIt()
    {
        await _partitions.EnsureAsync(CancellationToken.None);
        _time.SetUtcNow(new DateTimeOffset(2026, 3, 11, 0, 0, 0, TimeSpan.Zero));
        await using (var connection = await _database.Source.OpenConnectionAsync())
        {
            await using var open = await connection.BeginTransactionAsync();
            await InsertAsync(connection, Noon);
            using var interrupt = new CancellationTokenSource();
            var drop = _partitions.DropExpiredAsync(interrupt.Token);
            await WaitUntilDetachWaitsAsync();
            await interrupt.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drop);
        }

        Assert.True(await _database.ScalarAsync<bool>("SELECT bool_or(inhdetachpending) FROM pg_inherits"));

        Assert.Equal(1, await _partitions.DropExpiredAsync(CancellationToken.None));

        Assert.Equal("vehicle_position_20260301", (await NamesAsync())[0]);
    }

    [Fact]
    public async Task DropExpired_AfterARunDiedBeforeTheDrop_DropsTheDetachedTable()
    {
        await _partitions.EnsureAsync(CancellationToken.None);
        _time.SetUtcNow(new DateTimeOffset(2026, 3, 11, 0, 0, 0, TimeSpan.Zero));
        await _database.ExecuteAsync("ALTER TABLE vehicle_position DETACH PARTITION vehicle_position_20260228");

        Assert.Equal(1, await _partitions.DropExpiredAsync(CancellationToken.None));

        Assert.True(await _database.ScalarAsync<bool>("SELECT to_regclass('vehicle_position_20260228') IS NULL"));
    }

    private async Task<List<string>> NamesAsync() => await _database.LinesAsync("""
        SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'vehicle_position'::regclass ORDER BY 1
        """);

    private Task WaitUntilDetachWaitsAsync() => Patience.UntilAsync(
        () => _database.ScalarAsync<bool>("""
            SELECT EXISTS (
                SELECT 1 FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE '%DETACH PARTITION%CONCURRENTLY'
                  AND wait_event_type = 'Lock')
            """),
        "the detaching waits");

    private static async Task InsertAsync(NpgsqlConnection connection, DateTimeOffset fixTime)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, source)
            VALUES (gen_random_uuid(), $1, $1, 52.09, 5.12, 'test')
            """,
            connection)
        {
            Parameters = { new() { Value = fixTime.UtcDateTime } },
        };
        await command.ExecuteNonQueryAsync();
    }
}
