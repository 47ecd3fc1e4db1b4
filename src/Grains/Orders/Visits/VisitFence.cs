using ChargeCars.Fleet.Geofences;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.Addresses;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Orders.Visits;

/// <summary>Makes the geofence of a visit's address, or brings it to where the visit is now.</summary>
[Alias("visit.set-fence")]
internal sealed record SetVisitFence(Guid VisitId);

/// <summary>Removes it: the visit is over.</summary>
[Alias("visit.clear-fence")]
internal sealed record ClearVisitFence(Guid VisitId);

/// <summary>
/// The geofence that is made for a visit. One at which a van was seen is named by the van's history: it is switched off and nobody is
/// inside it any more; any other is deleted.
/// </summary>
internal sealed class VisitFence(IGrainFactory grains, NpgsqlDataSource source, IOptions<VisitOptions> options)
    : IDueCommandHandler<SetVisitFence>, IDueCommandHandler<ClearVisitFence>
{
    private const string EndStays = "DELETE FROM geofence_presence WHERE geofence_id = $1";

    private static readonly VisitStatus[] Expected = [VisitStatus.Scheduled, VisitStatus.Confirmed, VisitStatus.EnRoute, VisitStatus.OnSite, VisitStatus.InProgress, VisitStatus.Paused];

    /// <summary>The id of a visit's geofence.</summary>
    public static Guid IdOf(Guid visit) => NameBasedId.Of($"{visit}/fence");

    public async Task<Error?> CarryOutAsync(Guid targetId, SetVisitFence command, CommandContext context, CancellationToken cancellation)
    {
        var visit = (await grains.GetGrain<IEntityGrain<Visit>>(command.VisitId).GetAsync()).Value;
        if (visit is not { VehicleId: not null, AddressId: { } place } || !Expected.Contains(visit.Status)
            || (await grains.GetGrain<IEntityGrain<Address>>(place).GetAsync()).Value is not { Coordinates: { } at } address)
        {
            // Over, not driven to, or nobody knows where it is: nothing to watch.
            return null;
        }

        var details = new GeofenceDetails
        {
            Name = $"Visit {visit.Number}: {address.StreetAddress} {address.StreetNumber}, {address.City}", BusinessEntity = visit.BusinessEntity, Shape = GeofenceShape.Circle,
            Latitude = (double)at.Latitude, Longitude = (double)at.Longitude, RadiusMeters = options.Value.FenceRadiusMeters,
            ExitMarginMeters = options.Value.FenceExitMarginMeters, DwellSeconds = options.Value.FenceDwellSeconds, AddressId = place, VisitId = visit.Id,
        };
        var fence = grains.GetGrain<IEntityGrain<Geofence>>(targetId);
        var made = await fence.ExecuteAsync(new Create<Geofence, GeofenceDetails>(details), context);
        return made.Error is Conflict { Code: "exists" }
            ? (await fence.ExecuteAsync(new Revise<Geofence, GeofenceDetails>(details), Next(context, "revise"))).Error
            : made.Error;
    }

    public async Task<Error?> CarryOutAsync(Guid targetId, ClearVisitFence command, CommandContext context, CancellationToken cancellation)
    {
        var fence = grains.GetGrain<IEntityGrain<Geofence>>(targetId);
        if ((await fence.GetAsync()).Value is not { } known)
        {
            return null;
        }

        var deleted = await fence.ExecuteAsync(new Delete<Geofence>(), context);
        if (deleted.Error is not Conflict)
        {
            return deleted.Error is NotFound ? null : deleted.Error;
        }

        var off = await fence.ExecuteAsync(new Revise<Geofence, GeofenceDetails>(known with { IsActive = false }), Next(context, "off"));
        await using var end = source.CreateCommand(EndStays);
        end.Parameters.Add(Sql.Uuid(targetId));
        await end.ExecuteNonQueryAsync(cancellation);
        return off.Error;
    }

    private static CommandContext Next(CommandContext context, string step) => context with { CommandId = NameBasedId.Of($"{context.CommandId}/{step}") };
}
