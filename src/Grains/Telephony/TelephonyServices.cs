using ChargeCars.Telephony.Calls;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Telephony;

/// <summary>Registration of what calls need.</summary>
public static class TelephonyServices
{
    /// <summary>Adds what call grains ask, on hosts with a silo.</summary>
    public static IServiceCollection AddCalls(this IServiceCollection services) => services.AddSingleton<CallDirectory>();
}
