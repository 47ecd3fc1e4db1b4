using ChargeCars.Alerts.Sources;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Alerts;

/// <summary>Registration of what raises alerts.</summary>
public static class AlertServices
{
    /// <summary>Adds what looks at the facts, on hosts with a silo; to be registered after Orleans, so that it stops first.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AlertOptions>, AlertOptions.Validator>();
        services.AddOptions<AlertOptions>().BindConfiguration(AlertOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<AlertStore>()
            .AddDueCommandHandler<ForgetLabel, AlertLabels>()
            .AddSingleton<IExpiringRows, AlertRetention>()
            .AddSingleton<IAlertSource, DaySource>()
            .AddSingleton<IAlertSource, FleetSource>()
            .AddSingleton<IAlertSource, OverdueSource>()
            .AddSingleton<IAlertSource, MissedCallSource>()
            .AddSingleton<IAlertSource, ConsequenceSource>()
            .AddSingleton<IAlertSource, MessageSource>()
            .AddSingleton<IAlertSource, WishSource>()
            .AddSingleton<AlertWatch>()
            .AddHostedService(provider => provider.GetRequiredService<AlertWatch>());
    }
}
