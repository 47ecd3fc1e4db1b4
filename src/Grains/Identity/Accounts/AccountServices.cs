using ChargeCars.Identity.Sessions;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ChargeCars.Identity.Accounts;

/// <summary>Registration of what the accounts' grains need.</summary>
public static class AccountServices
{
    /// <summary>Needs the commits and <see cref="ChargeCars.Platform.Secrets.SecretServices.AddSecrets"/>.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.TryAddSingleton<Passwords>();
        services.AddSingleton<Authenticator>();
        services.AddSingleton<FailedAttemptStore>();
        services.TryAddSingleton<Refusals>();
        services.AddSingleton<IExpiringRows, SessionRetention>();
        services.AddSingleton<IExpiringRows, LoginFailureRetention>();
        return services;
    }
}
