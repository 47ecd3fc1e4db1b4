using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;
using ChargeCars.Tests.Identity;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Tests.Platform.Feeds;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Tests.Fleet.Telemetry.Ulu;

/// <summary>A host that polls the stand-in as it starts and then when it is told, on a database that outlives it; every log line is kept.</summary>
internal sealed class UluHost(TestDatabase database, StandInUlu ulu) : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("chargecars-ulu-").FullName;
    private ChargeCarsHost? _host;

    public KeptLog Log { get; } = new();

    public PollClock Clock { get; } = new();

    /// <summary>How long the feed waits after its first poll.</summary>
    public TimeSpan FirstWait { get; private set; }

    /// <summary>Answers when the first poll has ended.</summary>
    public async Task<UluHost> StartAsync()
    {
        _host = await ChargeCarsHost.StartAsync(
            [
                "--urls=http://127.0.0.1:0",
                // Nobody asks it over HTTP.
                "--ChargeCars:Roles=silo",
                $"--ConnectionStrings:ChargeCars={database.ConnectionString}",
                $"--ChargeCars:DataDirectory={_data}",
                $"--ChargeCars:MasterKey={Convert.ToBase64String(new byte[32])}",
                $"--ChargeCars:Ulu:Address={ulu.Address}",
                $"--ChargeCars:Ulu:Email={StandInUlu.Email}",
                $"--ChargeCars:Ulu:Password={StandInUlu.Password}",
                $"--ChargeCars:Ulu:Interval={PollClock.Interval}",
                "--ChargeCars:Ulu:PageSize=3",
                "--Logging:LogLevel:ChargeCars=Trace",
            ],
            services => services.AddSingleton<ILoggerProvider>(Log).AddSingleton<TimeProvider>(Clock));
        FirstWait = await Clock.RestsAsync();
        return this;
    }

    /// <summary>Lets the feed poll as if its time had come, and waits until it has; answers how long it waits then.</summary>
    public Task<TimeSpan> PollAsync() => Clock.PollAsync();

    /// <summary>What is stored, by plate, latitude and source, in the order of time.</summary>
    public async Task<string> StoredAsync()
    {
        await using var command = database.DataSource.CreateCommand("""
            SELECT coalesce(string_agg(license_plate || ' ' || latitude || coalesce('@' || speed, '') || ' ' || source, ', ' ORDER BY license_plate, fix_time), '')
            FROM vehicle_position p JOIN vehicle v ON v.id = p.vehicle_id
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Where the vehicle is by its grain, as <c>GET /api/vehicles/{id}</c> answers.</summary>
    public async Task<double?> LatitudeAsync()
    {
        var vehicle = _host!.App.Services.GetRequiredService<IGrainFactory>().GetGrain<IVehicleGrain>(await ScalarAsync<Guid>("SELECT id FROM vehicle"));
        return (await vehicle.GetAsync()).Value!.CurrentLocation?.Latitude;
    }

    /// <summary>One value; null where it is NULL or there is no row.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Directory.Delete(_data, recursive: true);
    }
}
