using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.PhoneNumbers;
using ChargeCars.Telephony.Agents;
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
        services.AddDueCommandHandler<ShowInsightCard, InsightCards>();
        services.AddDueCommandHandler<ReadCallText, CallTextReading>();
        services.AddDueCommandHandler<ForgetCallTexts, CallTextRemoval>();
        services.AddSingleton<OpenCallReview>().AddSingleton<IExpiringRows>(provider => provider.GetRequiredService<OpenCallReview>());
        // After the calls: it looks at what that ended.
        services.AddSingleton<EndedCallReview>().AddSingleton<IExpiringRows>(provider => provider.GetRequiredService<EndedCallReview>());
        return services.AddSingleton<CallDirectory>().AddSingleton<IExpiringRows, AircallEventRetention>().AddSingleton<IExpiringRows, RecordingRetention>();
    }

    /// <summary>Adds what makes cards of ringing calls, knows who is to be called back, and asks Aircall, on every host.</summary>
    public static IServiceCollection AddCallCards(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AircallApiOptions>, AircallApiOptions.Validator>();
        services.AddOptions<AircallApiOptions>().BindConfiguration(AircallApiOptions.Section).ValidateOnStart();
        services.AddHttpClient(AircallApi.Http, static http => (http.MaxResponseContentBufferSize, http.Timeout) = (32 * 1024 * 1024, TimeSpan.FromSeconds(10)))
            // They would log addresses that name calls.
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false });
        return services.AddSingleton<AircallApi>().AddSingleton<CallTexts>().AddSingleton<CallCards>().AddSingleton<MissedCallReader>();
    }
}
