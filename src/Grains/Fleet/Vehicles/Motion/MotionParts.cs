using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Platform.Entities;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>Sends a command to the vehicle, in the order of its other commands.</summary>
internal delegate Task<Result<VehicleSnapshot>> FollowVehicle(EntityCommand<Vehicle> command, CommandContext context);

/// <summary>What the motions of all vehicles share.</summary>
internal sealed class MotionParts(
    MotionStore store, MotionCheckpoints checkpoints, TimeProvider time, IOptions<MotionOptions> options,
    IOptions<PositionOptions> positions, ILogger<VehicleMotion> logger) : IDisposable
{
    /// <summary>Vehicles whose fixes are read at the same time: after a crash all of them want to.</summary>
    private const int Readers = 8;

    private readonly SemaphoreSlim _readers = new(Readers);

    public MotionStore Store { get; } = store;

    public MotionCheckpoints Checkpoints { get; } = checkpoints;

    public MotionFold Fold { get; } = new(options.Value, positions.Value);

    public Mileage Mileage { get; } = new(options.Value, positions.Value);

    public MotionNews News { get; } = new(time, options.Value);

    public MotionOptions Options { get; } = options.Value;

    public PositionOptions Positions { get; } = positions.Value;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    /// <summary>Waits until few others read the fixes on disk; disposing the answer lets the next one.</summary>
    public async Task<IDisposable> TakeTurnAsync()
    {
        await _readers.WaitAsync();
        return new Release(_readers);
    }

    public void Dispose() => _readers.Dispose();

    private sealed class Release(SemaphoreSlim readers) : IDisposable
    {
        public void Dispose() => readers.Release();
    }
}
