using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet.Geofences;

/// <summary>Registration of what watches vehicles at geofences and lists them.</summary>
public static class GeofenceServices
{
    /// <summary>
    /// Adds what watches vehicles, for a host that runs grains. Needs an <c>NpgsqlDataSource</c> and a <c>GroupCommit</c>.
    /// Before Orleans: the first vehicle finds the fences known.
    /// </summary>
    public static IServiceCollection AddFenceWatch(this IServiceCollection services)
    {
        services.AddPositionHistory();
        services.AddSingleton<IValidateOptions<GeofenceOptions>, GeofenceOptions.Validator>();
        services.AddOptions<GeofenceOptions>().BindConfiguration(GeofenceOptions.Section).ValidateOnStart();
        services.AddSingleton<FenceCatalog>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FenceCatalog>());
        services.AddSingleton<CrossingStore>();
        services.AddSingleton<LateCrossings>();
        services.AddSingleton<FenceServices>();
        return services;
    }

    /// <summary>Adds what lists crossings, for a host that serves the API. Needs an <c>NpgsqlDataSource</c>.</summary>
    public static IServiceCollection AddCrossingQueries(this IServiceCollection services) => services.AddSingleton<CrossingQueries>();
}
