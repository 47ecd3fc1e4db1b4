using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Fleet.Vehicles.Motion;

/// <summary>Registration of what makes trips, freshness and reminders of positions.</summary>
public static class MotionServices
{
    /// <summary>For a host that runs grains. Needs an <c>NpgsqlDataSource</c> and the group commit.</summary>
    public static IServiceCollection AddMotion(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<MotionOptions>, MotionOptions.Validator>());
        services.AddOptions<MotionOptions>().BindConfiguration(MotionOptions.Section).ValidateOnStart();
        services.AddSingleton<MotionStore>();
        services.AddSingleton<MotionCheckpoints>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<MotionCheckpoints>());
        services.AddSingleton<MotionParts>();
        services.AddHostedService<FreshnessWatch>();
        services.AddHostedService<ReminderWatch>();
        services.AddHostedService(provider => new MotionWatch(
            provider.GetRequiredService<NpgsqlDataSource>(),
            vehicle => provider.GetRequiredService<IGrainFactory>().GetGrain<IVehicleGrain>(vehicle).SettleAsync(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<PositionOptions>>(),
            provider.GetRequiredService<ILogger<MotionWatch>>()));
        return services;
    }
}
