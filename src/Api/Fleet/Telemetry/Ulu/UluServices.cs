using System.Net;
using ChargeCars.Api.Platform.Feeds;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>Registration of the ULU feed.</summary>
public static class UluServices
{
    /// <summary>For hosts that run grains, after Orleans: one of them polls.</summary>
    public static IServiceCollection AddUluFeed(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddPositionIntake();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<UluOptions>, UluOptions.Validator>());
        services.AddOptions<UluOptions>().Bind(configuration.GetSection(UluOptions.Section)).ValidateOnStart();
        services.AddHttpClient(UluClient.Http, http => http.MaxResponseContentBufferSize = 32 * 1024 * 1024)
            // They would tell every request, a few a minute and vehicle.
            .RemoveAllLoggers()
            // A redirect would carry the password and the token to a host that nobody named.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .AddStandardResilienceHandler(Configure);
        services.AddSingleton<UluClient>();
        services.AddSingleton<UluPrivacy>();
        services.AddSingleton<UluVehicleReader>();
        services.AddSingleton<UluPoll>();
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<FeedStart<IUluFeedGrain>>(
            provider, provider.GetRequiredService<IOptions<UluOptions>>().Value.IsEnabled));
        return services;
    }

    // Short: what fails for longer is the feed's to wait for.
    private static void Configure(HttpStandardResilienceOptions options)
    {
        options.Retry.MaxRetryAttempts = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(250);
        // Who asks for fewer requests, or names a time, is not asked again before the feed's next poll.
        options.Retry.ShouldHandle = static attempt => ValueTask.FromResult(
            HttpClientResiliencePredicates.IsTransient(attempt.Outcome)
            && attempt.Outcome.Result is not ({ StatusCode: HttpStatusCode.TooManyRequests } or { Headers.RetryAfter: not null }));
        options.AttemptTimeout.Timeout = TimeSpan.FromSeconds(10);
        options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(30);
    }
}
