using ChargeCars.Api.Identity;
using ChargeCars.Api.Telemetry;
using ChargeCars.Changes;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Live;

/// <summary>What this node remembers of vehicles and keys is forgotten when another node changes them.</summary>
internal sealed class CacheInvalidation(VehicleDirectory vehicles, ApiKeyDirectory keys) : IChangeListener
{
    public void OnChanges(IReadOnlyList<ChangeEvent> changes)
    {
        foreach (var change in changes)
        {
            // The changes that a vehicle's names or its being there can have; it moves far more often.
            if (change.Type is "vehicle.created" or "vehicle.updated" or "vehicle.deleted")
            {
                vehicles.Forget(change.EntityId);
            }
            else if (change.EntityType == "api_key")
            {
                keys.Forget(change.EntityId);
            }
        }
    }
}

/// <summary>Registration of what ties this node's caches to the feed of changes.</summary>
public static class CacheInvalidationServices
{
    /// <summary>Needs the live feed, access and telemetry.</summary>
    public static IServiceCollection AddCacheInvalidation(this IServiceCollection services) =>
        services.AddSingleton<IChangeListener, CacheInvalidation>();
}
