using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Telemetry;

/// <summary>Registration of what the telemetry endpoints need.</summary>
public static class TelemetryServices
{
    /// <summary>Needs an <c>NpgsqlDataSource</c> and an Orleans client.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPositionHistory();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TelemetryOptions>, TelemetryOptions.Validator>());
        services.AddOptions<TelemetryOptions>().Bind(configuration.GetSection(TelemetryOptions.Section)).ValidateOnStart();
        services.AddSingleton<TelemetryAdmission>();
        return services.AddPositionIntake();
    }

    /// <summary>Adds only the way of positions to their vehicles, for a host that has a feed without endpoints.</summary>
    public static IServiceCollection AddPositionIntake(this IServiceCollection services)
    {
        services.TryAddSingleton<VehicleDirectory>();
        services.AddHostedService<VehicleDirectoryRefresh>();
        services.TryAddSingleton(provider => new PositionIntake(
            provider.GetRequiredService<VehicleDirectory>(), provider.GetRequiredService<IGrainFactory>()));
        return services;
    }
}
