using ChargeCars.Platform.Entities;
using static ChargeCars.Fleet.Vehicles.VehicleAction;
using static ChargeCars.Fleet.Vehicles.VehicleStatus;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>
/// The life of a vehicle (facts/orders.md: "on_site needs a visit; a van in maintenance can't be assigned"): the same for people,
/// programs and what its positions say.
/// </summary>
public static class VehicleTransitions
{
    private static readonly Guard<Vehicle> InUse = new("the vehicle is not in active use (isActive)", vehicle => vehicle.IsActive);

    /// <summary>Where each action leads from each status.</summary>
    public static TransitionTable<Vehicle, VehicleStatus, VehicleAction> Table { get; } =
        new TransitionTable<Vehicle, VehicleStatus, VehicleAction>(vehicle => vehicle.OperationalStatus)
            .Add([Driving, OnSite], Park, Parked)
            .Add([Parked, OnSite], Drive, Driving, InUse)
            .Add([Parked, Driving], Arrive, OnSite, InUse)
            .Add([Parked, Driving], Maintain, Maintenance)
            .Add(Maintenance, Release, Parked);
}
