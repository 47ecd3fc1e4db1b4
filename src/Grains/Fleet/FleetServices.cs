using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Fleet;

/// <summary>Registration of reads over the whole fleet.</summary>
public static class FleetServices
{
    /// <summary>Needs an <c>NpgsqlDataSource</c> and the position options.</summary>
    public static IServiceCollection AddFleet(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<FleetOptions>, FleetOptions.Validator>();
        services.AddOptions<FleetOptions>().BindConfiguration(FleetOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RouteOptions>, RouteOptions.Validator>();
        services.AddOptions<RouteOptions>().BindConfiguration(RouteOptions.Section).ValidateOnStart();
        services.AddSingleton<FleetQueries>();
        services.AddSingleton<FleetTracks>();
        services.TryAddSingleton<IRouteEstimator, StraightLineEstimator>();
        services.AddSingleton<NearestVehicles>();
        return services;
    }
}
