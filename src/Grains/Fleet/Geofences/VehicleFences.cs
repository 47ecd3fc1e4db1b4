using System.Collections.Immutable;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ChargeCars.Fleet.Geofences;

/// <summary>
/// One vehicle's way from fixes to crossings on record. Only the vehicle's grain calls it, on its own thread. Crossings
/// follow the fixes to disk in their order; one that can't be written is tried again, and what dies with the process is
/// decided anew from the fixes when the vehicle wakes.
/// </summary>
internal sealed partial class VehicleFences(
    Guid vehicleId, FenceCatalog catalog, CrossingStore store, LateCrossings late, PositionHistory history, GeofenceOptions options,
    TimeProvider time, Action waiting, ILogger logger) : IFixFollower
{
    private const int MostReplayed = 5_000;

    /// <summary>
    /// A fix is decided on as soon as it is on disk: what a crash leaves undecided is the last moment's. Only the fences
    /// there are worth the whole window.
    /// </summary>
    private static readonly TimeSpan MaximumUndecided = TimeSpan.FromMinutes(1);

    private readonly Queue<Crossing> _unwritten = new();
    private FenceState _state = FenceState.Nowhere;
    private Task _writing = Task.CompletedTask;
    private Task _looking = Task.CompletedTask;
    private bool _uncertain;
    private bool _paused;
    private int _unknownOutcomes;
    private FenceFix _newest;

    /// <summary>Whether time alone may decide something (<see cref="Wait"/>): it is arriving, or something is not written yet.</summary>
    public bool IsWaiting => _unwritten.Count > 0 || _state.Stays.Any(stay => !stay.Counts);

    /// <summary>Begins where the database says that the vehicle is; <paramref name="newest"/> is its newest position on disk.</summary>
    public async Task RestoreAsync(LivePosition? newest, CancellationToken cancellation)
    {
        if (newest is { } live)
        {
            await LookAsync(new(live.FixTime, live.Latitude, live.Longitude, live.AccuracyMeters, live.SpeedKmh), cancellation);
        }
    }

    /// <inheritdoc/>
    public void OnStored(ReadOnlySpan<PositionFix> fixes)
    {
        foreach (ref readonly var stored in fixes)
        {
            var fix = FenceFix.Of(stored);
            if (fix.Time > _newest.Time)
            {
                _newest = fix;
            }

            if (!_uncertain && !IsHeld)
            {
                (_state, var crossings) = FenceTracker.Step(_state, fix, catalog.Current);
                Enqueue(crossings);
            }
        }

        if (_uncertain && !IsHeld && _looking.IsCompleted)
        {
            _looking = LookAgainAsync();
        }

        Write();
    }

    /// <summary>What is on disk now this vehicle will not be told: at the next fix it looks there, as if it woke.</summary>
    public void OnOutcomeUnknown()
    {
        _uncertain = true;
        _unknownOutcomes++;
    }

    /// <summary>Nothing was heard for a while: what time alone decides, and what could not be written before.</summary>
    public void Wait()
    {
        if (!_uncertain && !IsHeld)
        {
            (_state, var crossings) = FenceTracker.Wait(_state, time.GetUtcNow(), catalog.Current);
            Enqueue(crossings);
        }

        Write();
    }

    /// <summary>
    /// Fixes are about to be taken away: on return what was decided is on record, so that it goes with them, what could not be
    /// written of that time is given up, and nothing more is decided.
    /// </summary>
    /// <param name="from">The first fix time that goes, UTC.</param>
    /// <param name="to">The fix time before which that ends, UTC.</param>
    public async Task PauseAsync(DateTimeOffset from, DateTimeOffset to)
    {
        _paused = true;
        await Task.WhenAny(_taking);
        await WrittenAsync();
        var rest = _unwritten.Where(crossing => !Within(crossing.At) && !Within(crossing.Decided.Time)).ToList();
        _unwritten.Clear();
        rest.ForEach(_unwritten.Enqueue);

        bool Within(DateTimeOffset time) => time >= from && time < to;
    }

    /// <summary>They were not taken away, or whether they were is unknown: what came meanwhile is on disk, and looked for there.</summary>
    public void GoOn()
    {
        _paused = false;
        OnOutcomeUnknown();
    }

    /// <summary>Completes when what was decided is on record, or could not be written.</summary>
    public async Task WrittenAsync()
    {
        await _looking;
        await _writing;
    }

    // Fixes that come meanwhile are on disk as well: it looks until it has seen the newest. What is not written yet it may
    // find once more: that is on record once all the same.
    private async Task LookAgainAsync()
    {
        while (_uncertain && !IsHeld)
        {
            var (newest, unknownOutcomes) = (_newest, _unknownOutcomes);
            try
            {
                await _writing;
                await LookAsync(newest, CancellationToken.None);
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException)
            {
                LogNotRead(logger, vehicleId, fault);
                return;
            }

            _uncertain = _newest != newest || _unknownOutcomes != unknownOutcomes;
        }
    }

    private async Task LookAsync(FenceFix newest, CancellationToken cancellation)
    {
        var fences = catalog.Current;
        _newest = newest.Time > _newest.Time ? newest : _newest;
        if (fences.Count == 0)
        {
            _state = new([], newest);
            return;
        }

        var from = newest.Time - options.ReplayWindow;
        var known = await store.FindAsync(vehicleId, from, cancellation);
        var last = await ReadAsync(newest.Time - MaximumUndecided, newest.Time, cancellation);
        var atStake = known.Inside.Select(stay => fences.Find(stay.FenceId)).OfType<Fence>()
            .Concat(last.SelectMany(recorded => fences.Near(recorded.Fix.Latitude, recorded.Fix.Longitude).ToArray()))
            .Concat(fences.Wide.ToArray())
            .Distinct().ToList();
        var stays = known.Inside.Where(stay => fences.Find(stay.FenceId) is null).ToList();
        if (atStake.Count > 0)
        {
            var fixes = await ReadAsync(from, newest.Time, cancellation);
            last = fixes;
            foreach (var fence in atStake)
            {
                var inside = known.Inside.Where(stay => stay.FenceId == fence.Id).Select(stay => (Stay?)stay).FirstOrDefault();
                if (Replay(fence, inside, fixes, known.DecidedAt.GetValueOrDefault(fence.Id)) is { } stay)
                {
                    stays.Add(stay);
                }
            }
        }

        var before = last.Select(recorded => FenceFix.Of(recorded.Fix)).LastOrDefault(fix => fix.Time < newest.Time);
        _state = new([.. stays], newest.After(before));
        Write();
    }

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

    private void Enqueue(ImmutableArray<Crossing> crossings)
    {
        foreach (var crossing in crossings)
        {
            _unwritten.Enqueue(crossing);
        }
    }

    private void Write()
    {
        if (IsWaiting)
        {
            waiting();
        }

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
}
