using Microsoft.Extensions.Logging;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>What is on disk of one vehicle's motion, as this activation knows it, and the one way to change that.</summary>
/// <param name="vehicleId">The vehicle.</param>
/// <param name="parts">What the motions of all vehicles share.</param>
internal sealed partial class StoredMotion(Guid vehicleId, MotionParts parts)
{
    private MotionCheckpoint _saved = MotionCheckpoint.None;
    private long _offeredAt;

    /// <summary>The fold's memory there; null before the first fix.</summary>
    public MotionState? State => _saved.State;

    /// <summary>Whether what is on disk is not known.</summary>
    public bool IsLost { get; set; }

    /// <summary>Whether it is time to write again how far the fold is.</summary>
    public bool IsOfferDue => parts.Time.GetElapsedTime(_offeredAt) >= parts.Options.CheckpointInterval;

    /// <summary>Begins with what an activation found.</summary>
    public void Restore(MotionCheckpoint saved) => _saved = saved;

    /// <summary>Reads it anew.</summary>
    public async Task LoadAsync()
    {
        _saved = await parts.Store.LoadAsync(vehicleId);
        IsLost = false;
    }

    /// <summary>
    /// Writes other legs, and in the same transaction what they mean for the vehicle. False: another activation has changed the
    /// vehicle's motion, nothing was written, and what is on disk is the truth.
    /// </summary>
    public async Task<bool> SaveAsync(MotionTurn turn)
    {
        var (uncounted, follow) = parts.Mileage.After(_saved.Uncounted, turn.Legs, turn.Replaced, turn.Turned ? turn.State?.Driving ?? false : null);
        var now = parts.Time.GetUtcNow();
        var next = new MotionCheckpoint(_saved.Version + 1, turn.State, uncounted);
        if (await parts.Store.SaveAsync(vehicleId, Guid.CreateVersion7(now), turn, next, follow, now))
        {
            _saved = next;
            return true;
        }

        LogFenced(parts.Logger, vehicleId);
        IsLost = true;
        return false;
    }

    /// <summary>Has the fold's memory written, behind the commits, where it has moved on since its last turn.</summary>
    public void Offer(MotionState state)
    {
        if (state.Head != _saved.State?.Head)
        {
            _offeredAt = parts.Time.GetTimestamp();
            parts.Checkpoints.Offer(new(vehicleId, _saved.Version, state));
        }
    }

    [LoggerMessage(LogLevel.Information, "The motion of vehicle {VehicleId} was written elsewhere; it is read again")]
    private static partial void LogFenced(ILogger logger, Guid vehicleId);
}

/// <summary>One change of a vehicle's legs.</summary>
/// <param name="State">The fold's memory after it.</param>
/// <param name="Legs">The legs that it leaves from <paramref name="From"/> on, and before <see cref="Until"/>.</param>
/// <param name="From">The beginning of the first one that changes.</param>
internal sealed record MotionTurn(MotionState? State, IReadOnlyList<Leg> Legs, DateTimeOffset From)
{
    /// <summary>The legs in whose place they come, which were counted.</summary>
    public IReadOnlyList<Leg> Replaced { get; init; } = [];

    /// <summary>The beginning of the first one that stays; null: none does.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The marks of late fixes that it has taken in.</summary>
    public long[] Repaired { get; init; } = [];

    /// <summary>What is told.</summary>
    public IReadOnlyList<Platform.Storage.NewChange> News { get; init; } = [];

    /// <summary>Whether the vehicle set off or stopped by it.</summary>
    public bool Turned { get; init; }
}
