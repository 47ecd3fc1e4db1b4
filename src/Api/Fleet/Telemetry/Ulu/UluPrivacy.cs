using ChargeCars.Fleet.Vehicles;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>
/// Takes away what is stored of a trip that its driver calls private. Before the cursor says so: a poll that dies in between
/// does it again, and then there is nothing left to take.
/// </summary>
internal sealed partial class UluPrivacy(IGrainFactory grains, TimeProvider time, ILogger<UluPrivacy> logger)
{
    private static readonly Actor Ulu = new(ActorKind.System, null, "ulu");

    /// <param name="vehicleId">Whose trip it is.</param>
    /// <param name="trip">The trip.</param>
    /// <param name="until">When the next one begins: until then the van stands where the private one ended.</param>
    /// <param name="cancellation"></param>
    public async Task<UluTripCursor> HideAsync(Guid vehicleId, UluTrip trip, DateTimeOffset until, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var vehicle = grains.GetGrain<IVehicleGrain>(vehicleId);
        var span = new RemovedSpan(UluPoll.Source, trip.StartedAt, until, "its driver calls the trip private");
        if (await vehicle.RemovePositionsAsync(span, new CommandContext(Guid.CreateVersion7(time.GetUtcNow()), Ulu)))
        {
            LogHidden(logger, trip.Id, vehicleId);
            // The trips follow at once, and not only when somebody asks for them.
            await vehicle.SettleAsync();
        }

        return new(trip.StartedAt, 1, IsRead: false, IsHidden: true);
    }

    [LoggerMessage(LogLevel.Information, "ULU's trip {TripId} of vehicle {VehicleId} is private by now: what was stored of it is taken away")]
    private static partial void LogHidden(ILogger logger, string tripId, Guid vehicleId);
}
