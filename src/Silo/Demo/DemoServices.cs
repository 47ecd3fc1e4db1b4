using ChargeCars.Api.Fleet.Telemetry;
using ChargeCars.Api.Screen;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Silo.Demo;

/// <summary>Registration of the demo fleet.</summary>
internal static class DemoServices
{
    /// <summary>Nothing unless it is asked for. After Orleans.</summary>
    public static void AddDemo(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DemoOptions>, DemoOptions.Validator>());
        services.AddOptions<DemoOptions>().Bind(configuration.GetSection(DemoOptions.Section)).ValidateOnStart();
        if (configuration.GetValue<bool>($"{DemoOptions.Section}:Enabled"))
        {
            services.AddPositionIntake();
            services.AddSingleton<DemoCommands>();
            services.AddSingleton<DemoSignOff>();
            services.AddSingleton<DemoOffice>();
            services.AddHostedService<DemoFleet>();
            services.AddOptions<ScreenOptions>().PostConfigure<TimeProvider, IOptions<DemoOptions>>(
                static (screen, time, demo) => screen.DemoAhead = DemoHours.Ahead(time.GetUtcNow(), demo.Value.Time));
            var positions = configuration.GetSection(PositionOptions.Section);
            if (positions[nameof(PositionOptions.StaleAfter)] is null && positions[nameof(PositionOptions.OfflineAfter)] is null)
            {
                services.PostConfigure<PositionOptions>(options => options.StaleAfter = Tracker.Silence);
            }
        }
    }
}
