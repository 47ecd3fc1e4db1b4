using ChargeCars.Platform.DueCommands;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Relations.Addresses;

/// <summary>Registration of what looks addresses up.</summary>
public static class AddressLookupServices
{
    /// <summary>Adds it, on hosts with a silo. Needs the <see cref="IAddressValidator"/> and what carries out due commands.</summary>
    public static IServiceCollection AddAddressLookup(this IServiceCollection services) => services.AddDueCommandHandler<LookAddressUp, AddressLookup>();
}
