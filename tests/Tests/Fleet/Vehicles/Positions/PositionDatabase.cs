using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using ChargeCars.Fleet;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Positions.Refusals;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions;

/// <summary>A database at noon, with the partitions for its fixes, and the writers on it.</summary>
public sealed class PositionDatabase : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public FakeTimeProvider Time { get; } = new(Fixes.Noon);

    public PositionOptions Limits { get; } = new() { MaxAge = TimeSpan.FromDays(3) };

    public NpgsqlDataSource Source => _database.DataSource;

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        await new MigrationRunner(Source, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        await new PositionPartitions(Source, Time, Options.Create(Limits)).EnsureAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        Refusals.Dispose();
        await _database.DisposeAsync();
    }

    internal CurrentLocationWriter Locations() =>
        new(Source, Time, Options.Create(Limits), NullLogger<CurrentLocationWriter>.Instance);

    internal PositionWriter Writer(List<PositionsMoved>? published = null, CurrentLocationWriter? locations = null) => new(
        Source, new WritableDays(new PositionPartitions(Source, Time, Options.Create(Limits))), new PositionFollowers((_, moved) => published?.Add(moved), locations ?? Locations()), Options.Create(Limits),
        NullLogger<PositionWriter>.Instance);

    internal PositionRecorder Recorder(Guid vehicle, PositionWriter writer, params IFixFollower[] followers) =>
        new(vehicle, new NewestPositions(Source, Time, Options.Create(Limits)), writer, Refusals, Time, Options.Create(Limits), followers);

    internal RefusalWriter Refusals => field ??= new(Source, Time, Options.Create(Limits), NullLogger<RefusalWriter>.Instance);

    /// <summary>The index of all vehicles as they are now.</summary>
    internal async Task<NearestIndex> NearestAsync()
    {
        var (index, rows) = (new NearestIndex(Options.Create(Limits)), new NearestRows(Source));
        index.Load(await rows.VehiclesAsync(null, CancellationToken.None), await rows.VisitsAsync(null, CancellationToken.None));
        return index;
    }

    public async Task<Guid> AddVehicleAsync(string plate, string? device = null, string? ulu = null)
    {
        var id = Guid.CreateVersion7();
        await using var command = Source.CreateCommand(
            "INSERT INTO vehicle (id, license_plate, vehicle_type, device_id, ulu_vehicle_id) VALUES ($1, $2, 'van', $3, $4)");
        command.Parameters.Add(Sql.Uuid(id));
        command.Parameters.Add(Sql.Text(plate));
        command.Parameters.Add(Sql.Text(device));
        command.Parameters.Add(Sql.Text(ulu));
        await command.ExecuteNonQueryAsync();
        return id;
    }

    /// <summary>Puts fixes on disk that positions tell of.</summary>
    internal async Task StoreAsync(params LivePosition[] positions)
    {
        foreach (var position in positions)
        {
            await using var command = Source.CreateCommand("""
                INSERT INTO vehicle_position (vehicle_id, fix_time, received_at, latitude, longitude, source) VALUES ($1, $2, $2, $3, $4, 'api')
                """);
            command.Parameters.Add(Sql.Uuid(position.VehicleId));
            command.Parameters.Add(Sql.Time(position.FixTime));
            command.Parameters.Add(Sql.Double(position.Latitude));
            command.Parameters.Add(Sql.Double(position.Longitude));
            await command.ExecuteNonQueryAsync();
        }
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }
}
