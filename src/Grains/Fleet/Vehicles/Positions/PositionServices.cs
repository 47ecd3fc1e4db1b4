using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using ChargeCars.Fleet.Vehicles.Positions.Refusals;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

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

    /// <summary>
    /// Adds what makes, settles and drops the days of positions, and drops old trips, with the options. The host makes the days around today
    /// itself (<see cref="PositionPartitions.EnsureAsync(CancellationToken)"/>), before it starts anything that writes.
    /// </summary>
    /// <param name="services">The host's.</param>
    /// <param name="owner">Connects as the owner of the tables, whose it is to make and drop them.</param>
    public static IServiceCollection AddPositionDays(this IServiceCollection services, NpgsqlDataSource owner)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PositionOptions>, PositionOptionsValidator>());
        services.AddOptions<PositionOptions>().BindConfiguration(PositionOptions.Section).ValidateOnStart();
        services.AddSingleton(provider => new PositionPartitions(
            owner, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<PositionOptions>>()));
        services.AddSingleton(provider => new PositionSettling(
            owner, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<PositionOptions>>(),
            provider.GetRequiredService<ILogger<PositionSettling>>()));
        services.AddHostedService<PositionSettlingService>();
        services.AddSingleton<IExpiringRows, PositionDayRetention>();
        services.AddSingleton<IExpiringRows, TripRetention>();
        return services;
    }

    /// <summary>Adds only what reads positions, for a host that serves the API.</summary>
    public static IServiceCollection AddPositionHistory(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PositionHistory>();
        services.TryAddSingleton<TripHistory>();
        services.TryAddSingleton<VehicleQueries>();
        return services;
    }
}
