using ChargeCars.Api.Fleet.Geofences;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Fleet.Geofences;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api;

/// <summary>Every kind of entity that the API serves in the standard shape; routes, scope tests and the audit's coverage follow from this list.</summary>
internal static class Entities
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddEntities(this IServiceCollection services) => services
        .AddEntity<Geofence, GeofenceDetails, GeofenceKind, GeofenceAccess>();
}
