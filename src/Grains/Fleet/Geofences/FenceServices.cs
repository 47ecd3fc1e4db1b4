using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet.Geofences;

/// <summary>What every vehicle's fences need of this silo.</summary>
internal sealed class FenceServices(
    FenceCatalog catalog, CrossingStore store, LateCrossings late, PositionHistory history, IOptions<GeofenceOptions> options, TimeProvider time,
    ILogger<VehicleFences> logger)
{
    /// <param name="vehicleId">The vehicle.</param>
    /// <param name="waiting">Called when <see cref="VehicleFences.Wait"/> is to be called now and then.</param>
    public VehicleFences For(Guid vehicleId, Action waiting) =>
        new(vehicleId, catalog, store, late, history, options.Value, time, waiting, logger);
}
