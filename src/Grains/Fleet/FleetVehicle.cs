using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet;

/// <summary>One vehicle at a moment: the fields of a vehicle that a map needs, by the same names.</summary>
/// <param name="Id">The vehicle.</param>
/// <param name="LicensePlate">As it is now, or was when the vehicle was deleted.</param>
/// <param name="VehicleName">Likewise.</param>
/// <param name="VehicleType">What kind it is.</param>
/// <param name="OperationalStatus">What it was doing; null where no history tells.</param>
/// <param name="CurrentVisitId">The visit that it was at, while on site.</param>
/// <param name="CurrentLocation">Where it was; null where it was last heard of longer ago than is looked back.</param>
/// <param name="LastLocationUpdate">When it was there, UTC.</param>
/// <param name="Freshness">How old that was at the moment.</param>
public sealed record FleetVehicle(
    Guid Id, string LicensePlate, string? VehicleName, VehicleType VehicleType, VehicleStatus? OperationalStatus, Guid? CurrentVisitId,
    Location? CurrentLocation, DateTimeOffset? LastLocationUpdate, Freshness Freshness);

/// <summary>Every vehicle at a moment.</summary>
/// <param name="At">The moment, UTC.</param>
/// <param name="Items">The vehicles, by plate.</param>
public sealed record FleetMoment(DateTimeOffset At, IReadOnlyList<FleetVehicle> Items);
