using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChargeCars.Relations.Places;

/// <summary>Registration of what names places.</summary>
public static class PlaceServices
{
    /// <summary>Adds it. Needs <see cref="Addresses.AddressServices.AddAddressValidation"/>, whose way to PDOK it takes.</summary>
    public static IServiceCollection AddPlaces(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PlaceOptions>, PlaceOptions.Validator>());
        services.AddOptions<PlaceOptions>().BindConfiguration(PlaceOptions.Section).ValidateOnStart();
        services.AddSingleton<PlaceQueries>();
        services.AddSingleton<PlaceDirectory>();
        return services;
    }
}
