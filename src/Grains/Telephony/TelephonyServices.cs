using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.PhoneNumbers;
using ChargeCars.Telephony.Aircall;
using ChargeCars.Telephony.Calls;
using ChargeCars.Telephony.Missed;
using ChargeCars.Telephony.Pops;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Telephony;

/// <summary>Registration of what calls need.</summary>
public static class TelephonyServices
{
    /// <summary>Adds what call grains ask, on hosts with a silo.</summary>
    public static IServiceCollection AddCalls(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<TelephonyOptions>, TelephonyOptions.Validator>();
        services.AddOptions<TelephonyOptions>().BindConfiguration(TelephonyOptions.Section).ValidateOnStart();
        services.AddDueCommandHandler<PhoneNumberAdded, LinkEarlierCalls>();
        return services.AddSingleton<CallDirectory>().AddSingleton<IExpiringRows, AircallEventRetention>().AddSingleton<IExpiringRows, RecordingRetention>();
    }

    /// <summary>Adds what makes cards of ringing calls and knows who is to be called back, on every host.</summary>
    public static IServiceCollection AddCallCards(this IServiceCollection services) => services.AddSingleton<CallCards>().AddSingleton<MissedCallReader>();
}
