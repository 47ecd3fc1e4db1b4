using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>Registration of the ULU feed.</summary>
public static partial class UluServices
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
        services.AddHostedService<UluStart>();
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

    /// <summary>Wakes the feed once; from then on its reminder does.</summary>
    private sealed partial class UluStart(IGrainFactory grains, IOptions<UluOptions> options, TimeProvider time, ILogger<UluStart> logger) : BackgroundService
    {
        private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            while (options.Value.IsEnabled)
            {
                try
                {
                    await grains.GetGrain<IUluFeedGrain>(0).StartAsync();
                    return;
                }
                // Whatever keeps the cluster from answering passes.
#pragma warning disable CA1031
                catch (Exception fault)
#pragma warning restore CA1031
                {
                    LogNotStarted(logger, Again, fault);
                    await Task.Delay(Again, time, stoppingToken);
                }
            }
        }

        [LoggerMessage(LogLevel.Warning, "The ULU feed could not be started; again in {Again}")]
        private static partial void LogNotStarted(ILogger logger, TimeSpan again, Exception fault);
    }
}
