using System.Globalization;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Testing;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using ChargeCars.Tests.Platform.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions.Days;

/// <summary>A database at a noon when one day is due to be settled and the one after it is not yet; and what a test does to its fixes.</summary>
public sealed class SettlingDatabase : IAsyncLifetime
{
    public const string Due = "vehicle_position_20260228";
    public const string TooYoung = "vehicle_position_20260301";

    /// <summary>The first moment of the day that is due.</summary>
    public static readonly DateTimeOffset Midnight = new(2026, 2, 28, 0, 0, 0, TimeSpan.Zero);

    private MigrationDatabase _database = null!;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));

    public PositionOptions Limits { get; } = new() { MaxAge = TimeSpan.FromDays(2), Retention = TimeSpan.FromDays(10) };

    public NpgsqlDataSource Source => _database.Source;

    public PositionPartitions Partitions { get; private set; } = null!;

    public PositionSettling Settling { get; private set; } = null!;

    internal PositionDay Day { get; } = PositionDay.Parse(Due)!.Value;

    public async Task InitializeAsync()
    {
        _database = await MigrationDatabase.MigratedAsync();
        Partitions = new(Source, Time, Options.Create(Limits));
        Settling = new(Source, Time, Options.Create(Limits), NullLogger<PositionSettling>.Instance);
        await Partitions.EnsureAsync(CancellationToken.None);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    public static Guid Vehicle(int number) => new(number, 0, 0x7000, 0x80, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Fixes in the order of time, as they come: one of each vehicle, then the next of each.</summary>
    public Task FillAsync(int vehicles = 20, int fixes = 200) => ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
        INSERT INTO vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, speed, ignition, source)
        SELECT (lpad(to_hex(v * 7919 % {vehicles}), 8, '0') || '-0000-7000-8000-000000000000')::uuid, '{Midnight:O}'::timestamptz + n * interval '7 second', now(), 52 + n / 1e5,
            5 + v / 1e5, CASE WHEN n % 3 = 0 THEN n END, n % 2 = 0, CASE WHEN n % 5 = 0 THEN 'ulu' ELSE 'api' END
        FROM generate_series(0, {fixes - 1}) n, generate_series(0, {vehicles - 1}) v
        """));

    /// <summary>Every fix of the day with all that is known of it, in the order of the key.</summary>
    public Task<List<string>> RowsAsync() => LinesAsync($"""
        SELECT p::text FROM vehicle_position p WHERE fix_time >= '{Midnight:O}' AND fix_time < '{Midnight.AddDays(1):O}' ORDER BY vehicle_id, fix_time, source
        """);

    /// <summary>The keys of the day's fixes in the order on disk.</summary>
    public Task<List<string>> OrderOnDiskAsync() => LinesAsync($"SELECT concat_ws(' ', vehicle_id, fix_time, source) FROM {Due} ORDER BY ctid");

    public Task<List<string>> OrderOfKeysAsync() =>
        LinesAsync($"SELECT concat_ws(' ', vehicle_id, fix_time, source) FROM {Due} ORDER BY vehicle_id, fix_time, source");

    /// <summary>The days that are marked as settled.</summary>
    public Task<List<string>> SettledAsync() => LinesAsync("""
        SELECT inhrelid::regclass::text FROM pg_inherits
        WHERE inhparent = 'vehicle_position'::regclass AND obj_description(inhrelid, 'pg_class') LIKE 'settled %' ORDER BY 1
        """);

    /// <summary>All that a run may leave behind, by name.</summary>
    public Task<List<string>> DebrisAsync() => LinesAsync("""
        SELECT relname::text FROM pg_class WHERE relname LIKE '%settling%'
        UNION ALL SELECT 'trigger on ' || tgrelid::regclass FROM pg_trigger WHERE tgname LIKE '%settling%'
        UNION ALL SELECT 'change ' || fix_time FROM vehicle_position_change
        UNION ALL SELECT 'constraint of ' || conrelid::regclass FROM pg_constraint WHERE conname = 'ck_range'
        """);

    public Task InsertAsync(int vehicle, double seconds, NpgsqlConnection? connection = null, string source = "late") => ExecuteAsync(
        string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, source)
            VALUES ('{Vehicle(vehicle)}', '{Midnight.AddSeconds(seconds):O}', clock_timestamp(), random() * 90, 5, '{source}') ON CONFLICT DO NOTHING
            """),
        connection);

    /// <summary>As <c>PositionRemoval</c> does, over all sources.</summary>
    public Task RemoveAsync(int vehicle, double fromSeconds, double toSeconds, NpgsqlConnection? connection = null) => ExecuteAsync(
        string.Create(CultureInfo.InvariantCulture, $"""
            DELETE FROM vehicle_position WHERE vehicle_id = '{Vehicle(vehicle)}'
            AND fix_time >= '{Midnight.AddSeconds(fromSeconds):O}' AND fix_time < '{Midnight.AddSeconds(toSeconds):O}'
            """),
        connection);

    /// <summary>Runs what waits by the clock, which nobody moves but this.</summary>
    public async Task<T> WithTimePassingAsync<T>(Task<T> work)
    {
        await Patience.UntilAsync(
            () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(work.IsCompleted);
            },
            "the work is done");
        return await work;
    }

    /// <summary>A connection with the lock, as a run has it.</summary>
    internal async Task<NpgsqlConnection> LockedConnectionAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await ExecuteAsync($"SELECT pg_advisory_lock({PositionDay.LockKey})", connection);
        return connection;
    }

    /// <summary>Ends a run's session as that of a host that is killed.</summary>
    public async Task EndAsync(NpgsqlConnection run)
    {
        await run.DisposeAsync();
        await UnlockedAsync();
    }

    /// <summary>Waits until the server has noticed that a session ended: it holds the lock till then.</summary>
    public async Task UnlockedAsync()
    {
        while (await ScalarAsync<bool>("""
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """))
        {
            await Task.Yield();
        }
    }

    public Task<List<string>> LinesAsync(string sql) => _database.LinesAsync(sql);

    public async Task<T> ScalarAsync<T>(string sql) => (await _database.ScalarAsync<T>(sql))!;

    public async Task ExecuteAsync(string sql, NpgsqlConnection? connection = null)
    {
        await using var own = connection is null ? await Source.OpenConnectionAsync() : null;
        await using var command = new NpgsqlCommand(sql, connection ?? own);
        await command.ExecuteNonQueryAsync();
    }
}
