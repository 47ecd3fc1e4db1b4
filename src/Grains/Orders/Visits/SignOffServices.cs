using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Orders.Visits;

/// <summary>Registration of the default checklist.</summary>
public static class SignOffServices
{
    /// <summary>Adds <see cref="SignOffOptions"/> and the template that follows from them.</summary>
    public static IServiceCollection AddSignOff(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SignOffOptions>, SignOffOptions.Validator>();
        services.AddOptions<SignOffOptions>().BindConfiguration(SignOffOptions.Section).ValidateOnStart();
        services.AddSingleton(provider => SignOffTemplate.Of(provider.GetRequiredService<IOptions<SignOffOptions>>().Value));
        return services;
    }
}
