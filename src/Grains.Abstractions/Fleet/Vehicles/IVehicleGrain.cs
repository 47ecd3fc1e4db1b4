using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Platform.Entities;
using Orleans.Concurrency;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>
/// One vehicle with its live position. Key: the vehicle's id. Its row alone answers as <see cref="IEntityGrain{TState}"/>, in the same activation.
/// </summary>
[Alias("ChargeCars.IVehicleGrain")]
public interface IVehicleGrain : IGrainWithGuidKey
{
    /// <summary>The vehicle as it is now; <see cref="NotFound"/> where there is none.</summary>
    [Alias("get")]
    Task<Result<VehicleSnapshot>> GetAsync();

    /// <summary>
    /// Decides, commits, then answers with the vehicle after the command. Refuses with <see cref="NotFound"/>,
    /// <see cref="Invalid"/>, <see cref="TransitionRefused"/>, <see cref="StaleVersion"/>, <see cref="Conflict"/> or
    /// <see cref="TryAgain"/>.
    /// </summary>
    [Alias("execute")]
    Task<Result<VehicleSnapshot>> ExecuteAsync(EntityCommand<Vehicle> command, CommandContext context);

    /// <summary>
    /// Judges fixes, puts the good ones on disk and moves the live position forward. Answers when they are on disk:
    /// one outcome for each fix, in their order. Throws when they could not be written or that is unknown; sent again,
    /// those on disk come back as duplicates. Interleaves, so that a vehicle's batches share commits.
    /// </summary>
    [Alias("record"), AlwaysInterleave]
    Task<Immutable<FixResult[]>> RecordAsync([Immutable] PositionFix[] fixes);

    /// <summary>
    /// Answers when the trips and stops on disk are those that follow from the fixes on disk: at once but after a crash,
    /// a late fix or a turn of this moment. A reader of trips asks first.
    /// </summary>
    [Alias("settle"), AlwaysInterleave]
    Task SettleAsync();

    /// <summary>
    /// Takes fixes off the disk that must not be shown, and with them what was made of them: the trips, the crossings of
    /// geofences in that time, and the live position where it was one of theirs. Answers whether there were any; on record in the audit. Again it does nothing. Throws when it
    /// could not be done or that is unknown: ask again.
    /// </summary>
    [Alias("remove-positions")]
    Task<bool> RemovePositionsAsync(RemovedSpan span, CommandContext context);
}
