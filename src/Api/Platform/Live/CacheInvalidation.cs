using ChargeCars.Api.Identity;
using ChargeCars.Api.Identity.Sessions;
using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Platform.Changes;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// What this node remembers of vehicles, keys, sessions, accounts and roles is forgotten when another node changes them.
/// Told before the live feed is, so that a connection which that closes finds no old credentials when it comes back.
/// </summary>
internal sealed class CacheInvalidation(
    VehicleDirectory vehicles, ApiKeyDirectory keys, SessionDirectory sessions, UserDirectory users) : IChangeListener
{
    public void OnChanges(IReadOnlyList<ChangeEvent> changes)
    {
        foreach (var change in changes)
        {
            switch (change.EntityType)
            {
                // The changes that a vehicle's names or its being there can have; it moves far more often.
                case "vehicle" when change.Type is "vehicle.created" or "vehicle.updated" or "vehicle.deleted":
                    vehicles.Forget(change.EntityId);
                    break;
                case "api_key":
                    keys.Forget(change.EntityId);
                    break;
                case "user_session":
                    sessions.Forget(change.EntityId);
                    break;
                case "user_account":
                    users.Forget(change.EntityId);
                    break;
                case "user_role":
                    users.ForgetAll();
                    break;
            }
        }
    }

    // What was missed may be a revocation.
    public void OnReset(string reason)
    {
        keys.ForgetAll();
        sessions.ForgetAll();
        users.ForgetAll();
    }
}

/// <summary>Registration of what ties this node's caches and its open connections to the feed of changes.</summary>
public static class CacheInvalidationServices
{
    /// <summary>Needs access and telemetry; to be registered before the live feed.</summary>
    public static IServiceCollection AddCacheInvalidation(this IServiceCollection services) =>
        services.AddSingleton<IChangeListener, CacheInvalidation>()
            .AddSingleton<AccessSweep>()
            .AddSingleton<IChangeListener>(provider => provider.GetRequiredService<AccessSweep>())
            .AddHostedService(provider => provider.GetRequiredService<AccessSweep>());
}
