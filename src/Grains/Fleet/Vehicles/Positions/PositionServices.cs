using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions.Refusals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>Registration of what brings positions to disk and reads them back.</summary>
public static class PositionServices
{
    /// <summary>Adds the writers, for a host that runs grains. Needs an <c>NpgsqlDataSource</c> and Orleans.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="alone">No other host can be there: then nobody listens to the positions' streams.</param>
    public static IServiceCollection AddPositions(this IServiceCollection services, bool alone = false)
    {
        services.AddPositionHistory();
        services.AddSingleton<NewestPositions>();
        services.AddSingleton<PositionRemoval>();
        services.AddSingleton(provider => new PositionPublisher(
            alone ? null : provider.GetRequiredService<IClusterClient>(), provider.GetServices<IPositionListener>(),
            provider.GetRequiredService<ILogger<PositionPublisher>>()));
        services.AddSingleton<CurrentLocationWriter>();
        services.AddSingleton<RefusalWriter>();
        services.AddSingleton<WritableDays>();
        services.AddSingleton<PositionWriter>();
        services.AddSingleton(provider => new PositionFollowers(
            provider.GetRequiredService<PositionPublisher>().Publish, provider.GetRequiredService<CurrentLocationWriter>()));
        // Hosted services stop in the reverse order: first the writer, then what follows it, so that nothing is left behind.
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<PositionPublisher>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<CurrentLocationWriter>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RefusalWriter>());
        services.AddHostedService<RefusalWatch>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<PositionWriter>());
        return services;
    }

    /// <summary>Adds only what reads positions, for a host that serves the API.</summary>
    public static IServiceCollection AddPositionHistory(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PositionHistory>();
        services.TryAddSingleton<TripHistory>();
        return services;
    }
}
