using ChargeCars.Platform.DueCommands;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Relations.Contacts;

/// <summary>Registration of what a person's erasure needs.</summary>
public static class ContactServices
{
    /// <summary>Adds what finds a person's traces, on every host.</summary>
    public static IServiceCollection AddContactTraces(this IServiceCollection services) => services.AddSingleton<ContactTraces>();

    /// <summary>Adds what erases them, on hosts with a silo. Needs what carries out due commands.</summary>
    public static IServiceCollection AddContactErasure(this IServiceCollection services) => 
        services.AddSingleton<ThreadEraser>().AddDueCommandHandler<EraseTraces, ContactEraser>();
}
