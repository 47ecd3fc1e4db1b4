using ChargeCars.Platform.Entities;
using ChargeCars.Fleet.Geofences;
using ChargeCars.Platform.Storage;
using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Tests.Platform.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Fleet.Geofences;

/// <summary>What a silo has of fences, on a database of its own.</summary>
public sealed class FenceDatabase : IAsyncLifetime, IDisposable
{
    private readonly PositionDatabase _positions = new();
    private GroupCommit _commits = null!;
    private EntityStore<Geofence, GeofenceKind> _fences = null!;
    private PositionWriter _writer = null!;

    public PositionDatabase Positions => _positions;

    internal FenceCatalog Catalog { get; private set; } = null!;

    internal CrossingStore Store { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _positions.InitializeAsync();
        _commits = CommitDatabase.CommitsOn(_positions.Source);
        await _commits.StartAsync(CancellationToken.None);
        _fences = new(_positions.Source, _commits);
        _writer = _positions.Writer();
        await _writer.StartAsync(CancellationToken.None);
        Catalog = new(_positions.Source, _positions.Time, Options.Create(new GeofenceOptions()), NullLogger<FenceCatalog>.Instance);
        Store = new(_positions.Source, _commits, _positions.Time);
    }

    public async Task DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _commits.StopAsync(CancellationToken.None);
        await _positions.DisposeAsync();
    }

    public void Dispose()
    {
        _commits.Dispose();
        Catalog.Dispose();
    }

    internal PositionRemoval Removal => new(_commits, _positions.Time, Options.Create(_positions.Limits));

    internal VehicleFences Fences(Guid vehicle) => new(
        vehicle, Catalog, Store, new LateCrossings(Store, new PositionHistory(_positions.Source), Options.Create(new GeofenceOptions())),
        new PositionHistory(_positions.Source), new GeofenceOptions(), _positions.Time, () => { }, NullLogger.Instance);

    public async Task<Geofence> AddAsync(Geofence fence)
    {
        var (applied, made) = await _fences.CommitAsync(null, new(fence), "Create", new(Guid.NewGuid(), Actor.System), Fixes.Noon);
        Assert.True(applied);
        await Catalog.RefreshAsync(CancellationToken.None);
        return made!;
    }

    /// <summary>Puts a fix on disk, as the recorder does before fences hear of it.</summary>
    internal Task StoreAsync(Guid vehicle, FenceFix fix) =>
        _writer.WriteAsync(new(vehicle, [PositionOf(fix)], suspect: true, live: null, Fixes.Noon));

    internal static PositionFix PositionOf(FenceFix fix) => new(
        fix.Time, fix.Latitude, fix.Longitude, fix.AccuracyMeters, fix.SpeedKmh, null, null, null, null, "api");

    internal static LivePosition LiveOf(Guid vehicle, FenceFix fix) => new(
        vehicle, fix.Time, fix.Latitude, fix.Longitude, fix.SpeedKmh, null, fix.AccuracyMeters, null, VehicleStatus.Driving);

    /// <summary>A vehicle's crossings as they are on record, in the order of time.</summary>
    public async Task<List<(Guid Fence, string Word, DateTimeOffset At)>> RecordedAsync(Guid vehicle)
    {
        await using var command = _positions.Source.CreateCommand(
            "SELECT geofence_id, event_type, fix_time FROM geofence_event WHERE vehicle_id = $1 ORDER BY decided_at, geofence_id, fix_time");
        command.Parameters.Add(Sql.Uuid(vehicle));
        await using var row = await command.ExecuteReaderAsync();
        var recorded = new List<(Guid, string, DateTimeOffset)>();
        while (await row.ReadAsync())
        {
            recorded.Add((row.GetGuid(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)));
        }

        return recorded;
    }
}
