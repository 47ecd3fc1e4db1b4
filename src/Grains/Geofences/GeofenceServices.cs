using ChargeCars.Vehicles.Positions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ChargeCars.Geofences;

/// <summary>Registration of what watches vehicles at geofences and lists them.</summary>
public static class GeofenceServices
{
    /// <summary>Needs an <c>NpgsqlDataSource</c> and a <c>GroupCommit</c>. Before Orleans: the first vehicle finds the fences known.</summary>
    public static IServiceCollection AddGeofences(this IServiceCollection services)
    {
        services.AddPositionHistory();
        services.AddSingleton<IValidateOptions<GeofenceOptions>, GeofenceOptions.Validator>();
        services.AddOptions<GeofenceOptions>().BindConfiguration(GeofenceOptions.Section).ValidateOnStart();
        services.AddSingleton<FenceCatalog>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FenceCatalog>());
        services.AddSingleton<CrossingStore>();
        services.AddSingleton<FenceServices>();
        services.AddSingleton<GeofenceLists>();
        return services;
    }
}
