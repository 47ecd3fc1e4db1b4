using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet;

/// <summary>Registration of reads over the whole fleet.</summary>
public static class FleetServices
{
    /// <summary>Needs an <c>NpgsqlDataSource</c>, the position options and <c>ITravelTimes</c>.</summary>
    public static IServiceCollection AddFleet(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<FleetOptions>, FleetOptions.Validator>();
        services.AddOptions<FleetOptions>().BindConfiguration(FleetOptions.Section).ValidateOnStart();
        services.AddSingleton<FleetQueries>();
        services.AddSingleton<FleetTracks>();
        services.AddSingleton<NearestRows>();
        services.AddSingleton<NearestIndex>();
        services.AddSingleton<NearestVehicles>();
        return services;
    }
}
