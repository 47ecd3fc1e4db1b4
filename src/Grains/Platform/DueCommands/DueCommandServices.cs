using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Platform.DueCommands;

/// <summary>Registration of what carries out due commands.</summary>
public static class DueCommandServices
{
    /// <summary>Adds the runner, on hosts with a silo. Needs the commits and Orleans; to be registered after Orleans, so that it stops first.</summary>
    public static IServiceCollection AddDueCommands(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<DueCommandOptions>, DueCommandOptions.Validator>();
        services.AddOptions<DueCommandOptions>().BindConfiguration(DueCommandOptions.Section).ValidateOnStart();
        services.AddSingleton<DueCommandRoutes>();
        services.AddSingleton<DueCommandStore>();
        services.AddSingleton<DueCommandRunner>();
        return services.AddHostedService(provider => provider.GetRequiredService<DueCommandRunner>());
    }

    /// <summary>Adds a handler of due commands that are no entity's.</summary>
    public static IServiceCollection AddDueCommandHandler<TCommand, THandler>(this IServiceCollection services)
        where THandler : class, IDueCommandHandler<TCommand>
    {
        services.AddSingleton(new DueCommandType(typeof(TCommand)));
        return services.AddSingleton<IDueCommandHandler<TCommand>, THandler>();
    }
}
