using ChargeCars.Platform.Entities;
using ChargeCars.Fleet.Geofences;
using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Positions.Refusals;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace ChargeCars.Fleet.Vehicles;

/// <inheritdoc cref="IVehicleGrain"/>
internal sealed class VehicleGrain(
    EntityStore<Vehicle, VehicleKind> store, NewestPositions newest, PositionWriter writer, MotionParts motion, FenceServices fences,
    CurrentLocationWriter locations, RefusalWriter refusals, PositionRemoval removal, TimeProvider time, IOptions<PositionOptions> options)
    : StandardGrain<Vehicle, VehicleDetails, VehicleKind>(store, time), IVehicleGrain
{
    /// <summary>How often a vehicle that is arriving, and sends nothing, is looked at.</summary>
    private static readonly TimeSpan ArrivalCheck = TimeSpan.FromSeconds(10);

    private PositionRecorder? _positions;
    private VehicleMotion? _motion;
    private VehicleFences? _fences;
    private IGrainTimer? _arriving;
    private LastKnown _known = LastKnown.Nothing;

    // Through the grain's own reference: its commands come one at a time.
    private VehicleMotion Motion => _motion ??= new(
        Id, motion, this.AsReference<IVehicleGrain>().ExecuteAsync, () => State?.OperationalStatus,
        late => State is null ? Task.CompletedTask : Fences.TakeLateAsync(late.First, late.Last));

    private VehicleFences Fences => _fences ??= fences.For(Id, WatchArrival);

    // Who follows the fixes stands here, in the order in which they are told.
    private PositionRecorder Positions => _positions ??= new(Id, newest, writer, refusals, Time, options, followers: [Motion, Fences]);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        if (State is not null)
        {
            await Fences.RestoreAsync(Positions.Live, cancellationToken);
        }

        Motion.Restore(_known);
        _known = LastKnown.Nothing;
    }

    // With where it was last: after a start all vehicles wake at once, and share their queries.
    protected override async Task<Vehicle?> LoadAsync(CancellationToken cancellation)
    {
        _known = await Positions.RestoreAsync().WaitAsync(cancellation);
        return _known.Vehicle;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Fences.WrittenAsync();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    async Task<Result<VehicleSnapshot>> IVehicleGrain.GetAsync() => (await GetAsync()).Map(Snapshot);

    async Task<Result<VehicleSnapshot>> IVehicleGrain.ExecuteAsync(EntityCommand<Vehicle> command, CommandContext context) =>
        (await ExecuteAsync(command, context)).Map(Snapshot);

    public Task SettleAsync() => Motion.SettleAsync();

    public Task<Immutable<FixResult[]>> RecordAsync(PositionFix[] fixes)
    {
        if (State is { } vehicle)
        {
            return Positions.RecordAsync(fixes, vehicle.OperationalStatus, vehicle.WorkingHours);
        }

        var unknown = new FixResult[fixes.Length];
        Array.Fill(unknown, new(FixOutcome.UnknownVehicle, $"there is no vehicle {Id}"));
        return Task.FromResult(new Immutable<FixResult[]>(unknown));
    }

    public async Task<bool> RemovePositionsAsync(RemovedSpan span, CommandContext context)
    {
        // A location that still waits for its row would bring back what is taken away.
        await locations.ForgetAsync(Id, span.From, span.To);
        Positions.ForgetDoubt();
        await Fences.PauseAsync(span.From, span.To);
        var removed = false;
        try
        {
            removed = await removal.RemoveAsync(Id, span, context);
        }
        finally
        {
            if (!removed)
            {
                Fences.GoOn();
            }
        }

        if (!removed)
        {
            return false;
        }

        // What this activation remembers of those fixes goes with it; the next one begins with what is on disk.
        DeactivateOnIdle();
        return true;
    }

    // Only while it is arriving somewhere: thousands of vehicles that are not need no timer.
    private void WatchArrival() => _arriving ??= this.RegisterGrainTimer(
        _ =>
        {
            Fences.Wait();
            if (!Fences.IsWaiting)
            {
                _arriving?.Dispose();
                _arriving = null;
            }

            return Task.CompletedTask;
        },
        new GrainTimerCreationOptions(ArrivalCheck, ArrivalCheck) { Interleave = true });

    private VehicleSnapshot Snapshot(Vehicle vehicle) => new(vehicle)
    {
        CurrentLocation = Positions.Live?.ToLocation(),
        LastLocationUpdate = Positions.Live?.FixTime,
        Freshness = Positions.Freshness,
        LastRefusal = Positions.LastRefusal,
    };
}
