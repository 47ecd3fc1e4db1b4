using System.Net;
using ChargeCars.Relations.Addresses.Pdok;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace ChargeCars.Relations.Addresses;

/// <summary>Registration of the validation of addresses.</summary>
public static class AddressServices
{
    /// <summary>Adds the <see cref="IAddressValidator"/>: PDOK's Locatieserver where it is configured, else the local rules only.</summary>
    public static IServiceCollection AddAddressValidation(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PdokOptions>, PdokOptions.Validator>());
        services.AddOptions<PdokOptions>().BindConfiguration(PdokOptions.Section).ValidateOnStart();
        services.AddHttpClient(PdokClient.Http, http =>
            {
                http.MaxResponseContentBufferSize = 4 * 1024 * 1024;
                // The resilience handler limits the time.
                http.Timeout = Timeout.InfiniteTimeSpan;
            })
            // They would log every request, whose query is a customer's address.
            .RemoveAllLoggers()
            // A redirect would carry it to a host that nobody named.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .AddStandardResilienceHandler()
            .Configure((resilience, provider) => Configure(resilience, provider.GetRequiredService<IOptions<PdokOptions>>().Value));
        services.AddSingleton<PdokClient>();
        services.TryAddSingleton<IAddressValidator>(provider => provider.GetRequiredService<IOptions<PdokOptions>>().Value.IsEnabled
            ? ActivatorUtilities.CreateInstance<PdokAddressValidator>(provider)
            : new LocalAddressValidator());
        return services;
    }

    // A person waits for the answer: one repetition, and while the server is down nobody waits for it at all.
    private static void Configure(HttpStandardResilienceOptions resilience, PdokOptions options)
    {
        resilience.TotalRequestTimeout.Timeout = options.Timeout;
        resilience.AttemptTimeout.Timeout = options.Timeout;
        resilience.Retry.MaxRetryAttempts = 1;
        resilience.Retry.Delay = TimeSpan.FromMilliseconds(100);
        resilience.Retry.ShouldHandle = static attempt => ValueTask.FromResult(
            HttpClientResiliencePredicates.IsTransient(attempt.Outcome) && attempt.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests);
        resilience.CircuitBreaker.MinimumThroughput = 5;
        resilience.CircuitBreaker.FailureRatio = 0.5;
        resilience.CircuitBreaker.SamplingDuration = TimeSpan.FromMinutes(1);
        resilience.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(15);
    }
}
