using ChargeCars.Platform.Entities;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>One of the actions of the transition table.</summary>
/// <param name="Action">Which.</param>
/// <param name="VisitId">The visit that it arrives at; <see cref="VehicleAction.Arrive"/> only.</param>
/// <param name="Reason">Why, for the history.</param>
[GenerateSerializer, Immutable, Alias("vehicle.act")]
public sealed record ActOnVehicle(
    [property: Id(0)] VehicleAction Action,
    [property: Id(1)] Guid? VisitId = null,
    [property: Id(2)] string? Reason = null) : EntityCommand<Vehicle>;

/// <summary>
/// What its positions say of it; the program's own command. Drives or parks by the transition table where that has an
/// arrow, and counts the mileage.
/// </summary>
/// <param name="Driving">Whether it set off or stopped; null where neither is new.</param>
/// <param name="OdometerKm">
/// Its own count after that, km, which is the mileage of a vehicle whose books have none; null where it sends none that can be believed.
/// </param>
/// <param name="AddKm">Kilometres driven since the mileage was counted last.</param>
[GenerateSerializer, Immutable, Alias("vehicle.follow-motion")]
public sealed record FollowMotion(
    [property: Id(0)] bool? Driving,
    [property: Id(1)] double? OdometerKm = null,
    [property: Id(2)] int AddKm = 0) : EntityCommand<Vehicle>;

/// <summary>
/// What a visit says to its vehicle; the program's own command. Drives, stands on site or leaves by the transition table where that
/// has an arrow, and never refuses: a van in maintenance stays there.
/// </summary>
/// <param name="VisitId">The visit.</param>
/// <param name="Status">Where the visit is in its life.</param>
[GenerateSerializer, Immutable, Alias("vehicle.serve-visit")]
public sealed record ServeVisit(Guid VisitId, Orders.Visits.VisitStatus Status) : EntityCommand<Vehicle>;

/// <summary>Say when its positions may be kept; null: always.</summary>
[GenerateSerializer, Immutable, Alias("vehicle.set-working-hours")]
public sealed record SetWorkingHours([property: Id(0)] WorkingHours? Hours) : EntityCommand<Vehicle>;

/// <summary>The actions on a vehicle.</summary>
public enum VehicleAction
{
    /// <summary>Stand still.</summary>
    Park,

    /// <summary>Set off.</summary>
    Drive,

    /// <summary>Be at a visit.</summary>
    Arrive,

    /// <summary>Go into maintenance.</summary>
    Maintain,

    /// <summary>Come back from maintenance.</summary>
    Release,
}
