using System.Globalization;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Fleet.Telemetry.Ulu;

/// <summary>A database with one van that ULU tracks, the service's stand-in, and what it is made to serve.</summary>
public abstract class UluTest : IAsyncLifetime
{
    private protected DateTimeOffset Now { get; } = DateTimeOffset.UtcNow;

    private protected TestDatabase Database { get; private set; } = null!;

    private protected StandInUlu Ulu { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        (Database, Ulu) = (await PostgresServer.CreateDatabaseAsync(), await StandInUlu.StartAsync());
        await using var vehicle = Database.DataSource.CreateCommand(
            "INSERT INTO vehicle (id, license_plate, vehicle_type, ulu_vehicle_id) VALUES (gen_random_uuid(), 'U-1', 'van', '29')");
        await vehicle.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync()
    {
        await Ulu.DisposeAsync();
        await Database.DisposeAsync();
    }

    private protected async Task AddAsync(params string[] vehicles)
    {
        foreach (var id in vehicles)
        {
            await using var vehicle = Database.DataSource.CreateCommand(
                $"INSERT INTO vehicle (id, license_plate, vehicle_type, ulu_vehicle_id) VALUES (gen_random_uuid(), 'U-{id}', 'van', '{id}')");
            await vehicle.ExecuteNonQueryAsync();
        }
    }

    private protected void Vehicle(string id, double minutes, string latitude) => Ulu.Vehicles[id] =
        $$"""{"id":{{id}},"license_plate":"X","lat":"{{latitude}}","lon":"5.1","speed":80,"odometer":224518205,"engine_state":true,"heartbeat_at":"{{At(minutes)}}","battery_level":null}""";

    private protected string Trip(string id, double start, double? stop, string? privacy = null) =>
        $$"""{"id":"{{id}}","utc_start_at":"{{At(start)}}","utc_stop_at":{{(stop is { } at ? $"\"{At(at)}\"" : "null")}},"privacy":{{(privacy is null ? "null" : $"\"{privacy}\"")}},"distance":1}""";

    private protected string Point(string latitude, double minutes) =>
        $$"""{"id":1,"lat":"{{latitude}}","lon":"5.1","speed":50,"device_created_at":"{{At(minutes)}}"}""";

    private protected string At(double minutes) => Now.AddMinutes(minutes).ToOffset(TimeSpan.FromHours(1)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);
}
