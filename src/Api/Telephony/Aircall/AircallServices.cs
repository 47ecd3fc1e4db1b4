using ChargeCars.Api.Platform.Feeds;
using ChargeCars.Telephony.Aircall;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Telephony.Aircall;

/// <summary>Registration of what is read from Aircall's API.</summary>
public static class AircallServices
{
    /// <summary>For hosts that run grains, after Orleans: one of them reads.</summary>
    public static IServiceCollection AddAircallFeed(this IServiceCollection services)
    {
        services.AddSingleton<AircallCatchUp>();
        return services.AddHostedService(provider => ActivatorUtilities.CreateInstance<FeedStart<IAircallFeedGrain>>(
            provider, provider.GetRequiredService<IOptions<AircallApiOptions>>().Value.IsEnabled));
    }
}
