using ChargeCars.Storage;
using ChargeCars.Vehicles.Positions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Geofences;

/// <summary>What every vehicle's fences need of this silo.</summary>
internal sealed class FenceServices(
    FenceCatalog catalog, CrossingStore store, PositionHistory history, IOptions<GeofenceOptions> options, TimeProvider time, ILogger<VehicleFences> logger)
{
    public VehicleFences For(Guid vehicleId) => new(vehicleId, catalog, store, history, options.Value, time, logger);
}

/// <summary>
/// One vehicle's way from fixes to crossings on record. Only the vehicle's grain calls it, one call at a time. Crossings
/// follow the fixes to disk in their order; one that can't be written is tried again, and what dies with the process is
/// decided anew from the fixes when the vehicle wakes.
/// </summary>
internal sealed partial class VehicleFences(
    Guid vehicleId, FenceCatalog catalog, CrossingStore store, PositionHistory history, GeofenceOptions options, TimeProvider time, ILogger logger)
{
    private const int MostReplayed = 2_000;

    /// <summary>
    /// A fix is decided on as soon as it is on disk: what a crash leaves undecided is the last moment's. Only the fences
    /// there are worth the whole window.
    /// </summary>
    private static readonly TimeSpan MaximumUndecided = TimeSpan.FromMinutes(1);

    private readonly Queue<Crossing> _unwritten = new();
    private FenceState _state = FenceState.Nowhere;
    private Task _writing = Task.CompletedTask;

    /// <summary>Whether time alone may decide something (<see cref="Wait"/>): it is arriving, or something is not written yet.</summary>
    public bool IsWaiting => _unwritten.Count > 0 || _state.Stays.Any(stay => !stay.Counts);

    /// <summary>Begins where the database says that the vehicle is; <paramref name="newest"/> is its newest position on disk.</summary>
    public async Task RestoreAsync(LivePosition? newest, CancellationToken cancellation)
    {
        var fences = catalog.Current;
        if (newest is null || fences.Count == 0)
        {
            return;
        }

        var from = newest.FixTime - options.ReplayWindow;
        var known = await store.FindAsync(vehicleId, from, cancellation);
        var last = await ReadAsync(newest.FixTime - MaximumUndecided, newest.FixTime, cancellation);
        var atStake = known.Inside.Select(stay => fences.Find(stay.FenceId)).OfType<Fence>()
            .Concat(last.SelectMany(recorded => fences.Near(recorded.Fix.Latitude, recorded.Fix.Longitude).ToArray()))
            .Concat(fences.Wide.ToArray())
            .Distinct().ToList();
        var stays = known.Inside.Where(stay => fences.Find(stay.FenceId) is null).ToList();
        if (atStake.Count > 0)
        {
            var fixes = await ReadAsync(from, newest.FixTime, cancellation);
            foreach (var fence in atStake)
            {
                var inside = known.Inside.Where(stay => stay.FenceId == fence.Id).Select(stay => (Stay?)stay).FirstOrDefault();
                if (Replay(fence, inside, fixes, known.DecidedAt.GetValueOrDefault(fence.Id)) is { } stay)
                {
                    stays.Add(stay);
                }
            }
        }

        _state = new([.. stays], new(newest.FixTime, newest.Latitude, newest.Longitude, newest.AccuracyMeters, newest.SpeedKmh));
        Write();
    }

    /// <summary>The fix is on disk and moved the live position.</summary>
    public void Follow(in PositionFix fix)
    {
        (_state, var crossings) = FenceTracker.Step(_state, FenceFix.Of(fix), catalog.Current);
        foreach (var crossing in crossings)
        {
            _unwritten.Enqueue(crossing);
        }

        Write();
    }

    /// <summary>Nothing was heard for a while: what time alone decides, and what could not be written before.</summary>
    public void Wait()
    {
        (_state, var crossings) = FenceTracker.Wait(_state, time.GetUtcNow(), catalog.Current);
        foreach (var crossing in crossings)
        {
            _unwritten.Enqueue(crossing);
        }

        Write();
    }

    /// <summary>Completes when what was decided is on record, or could not be written.</summary>
    public Task WrittenAsync() => _writing;

    private Task<IReadOnlyList<RecordedFix>> ReadAsync(DateTimeOffset from, DateTimeOffset last, CancellationToken cancellation) =>
        // Half open: a microsecond more takes the last in.
        history.ReadAsync(vehicleId, from, last.AddMicroseconds(1), null, MostReplayed, cancellation);

    // What was decided of this fence before is not decided again.
    private Stay? Replay(Fence fence, Stay? stay, IReadOnlyList<RecordedFix> fixes, DateTimeOffset decidedAt)
    {
        foreach (var recorded in fixes)
        {
            if (recorded.Fix.FixTime > decidedAt)
            {
                (stay, var crossing) = FenceTracker.Look(fence, stay, FenceFix.Of(recorded.Fix));
                if (crossing is not null)
                {
                    _unwritten.Enqueue(crossing);
                }
            }
        }

        return stay;
    }

    private void Write()
    {
        if (_unwritten.Count > 0 && _writing.IsCompleted)
        {
            _writing = WriteAllAsync();
        }
    }

    private async Task WriteAllAsync()
    {
        while (_unwritten.TryPeek(out var crossing))
        {
            try
            {
                await store.RecordAsync(vehicleId, crossing);
            }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                // The fence or the vehicle was deleted meanwhile: there is nothing to be recorded of.
                LogDropped(logger, vehicleId, crossing.Fence.Id, fault.ConstraintName);
            }
            catch (Exception fault) when (fault is NpgsqlException or OverloadedException or TimeoutException)
            {
                LogNotWritten(logger, vehicleId, _unwritten.Count, fault);
                return;
            }

            _unwritten.Dequeue();
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} geofence crossings of the vehicle {Vehicle} are not written yet; its next fix repeats them")]
    private static partial void LogNotWritten(ILogger logger, Guid vehicle, int count, Exception fault);

    [LoggerMessage(LogLevel.Information, "A crossing of the vehicle {Vehicle} at the geofence {Geofence} is dropped: {Constraint}")]
    private static partial void LogDropped(ILogger logger, Guid vehicle, Guid geofence, string? constraint);
}
