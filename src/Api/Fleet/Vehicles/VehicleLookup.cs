using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Api.Fleet.Vehicles;

/// <summary>Vehicles, for the fields of other kinds that name one.</summary>
internal sealed class VehicleLookup(IGrainFactory grains) : IEntityLookup
{
    public string Table => VehicleKind.Rows.Table;

    public async Task<bool> SeesAsync(Caller caller, Guid id, CancellationToken cancellation) =>
        caller.SeesVehicle(id) && (await grains.GetGrain<IEntityGrain<Vehicle>>(id).GetAsync()).Succeeded;
}
