using System.Globalization;
using System.Threading.RateLimiting;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Http.Limits;

/// <summary>
/// Quotas per caller and class of route; over it the answer is 429 with Retry-After. An address is the socket's, or what a
/// known proxy says of it: nobody gets a fresh quota by a header of their own.
/// </summary>
public static class RateLimits
{
    /// <summary>Adds the quotas and the known proxies.</summary>
    /// <exception cref="StartupException">A proxy is neither an address nor a network.</exception>
    public static IServiceCollection AddRateLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitOptions.Validator>();
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection(RateLimitOptions.Section)).ValidateOnStart();
        var proxies = RateLimitOptions.ReadProxies(configuration[RateLimitOptions.KnownProxiesKey])
            ?? throw new StartupException($"{RateLimitOptions.KnownProxiesKey} must be addresses or networks, such as 10.0.0.5,172.16.0.0/12.");
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = proxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // Loopback is known by default: a program on the same machine could then be anybody.
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            proxies.ForEach(options.KnownIPNetworks.Add);
            // What the proxy itself saw, and nothing that came with the request.
            options.ForwardLimit = 1;
        });
        services.AddRateLimiter(limiter => limiter.OnRejected = RefuseAsync);
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((limiter, options) =>
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, Partition>(http => Limit(PartitionOf(http), options.Value)));
        return services;
    }

    /// <summary>Before everything: the address. To be followed by authentication, then by <see cref="UseQuotas"/>.</summary>
    public static void UseKnownProxies(this IApplicationBuilder app) => app.UseForwardedHeaders();

    /// <summary>After authentication, before authorization.</summary>
    public static void UseQuotas(this IApplicationBuilder app)
    {
        app.UseFailedCredentialsQuota();
        app.UseRateLimiter();
    }

    private const string AircallPath = "/api/telephony/aircall";

    private static Partition PartitionOf(HttpContext http)
    {
        var path = http.Request.Path;
        if (path.StartsWithSegments("/api/auth") && HttpMethods.IsPost(http.Request.Method))
        {
            // By the network also with credentials: else whoever has some could guess others at a person's rate.
            return new(RouteClass.Login, RequestOrigin.Network(http));
        }

        if (path.StartsWithSegments(AircallPath, out var rest) && (!rest.HasValue || rest.StartsWithSegments("/callback")))
        {
            // A program, though its credential is in the body or the address: a busy day's events are more than a stranger may send.
            return new(RouteClass.Program, RequestOrigin.Network(http));
        }

        if (path.StartsWithSegments("/api/track") || path.StartsWithSegments("/track"))
        {
            // By the network as logins are: the token in the address is the credential, and is no easier to guess with others at hand.
            return new(RouteClass.Link, RequestOrigin.Network(http));
        }

        var caller = http.Features.Get<Caller>();
        return path.StartsWithSegments("/api/telemetry") && caller is not null ? new(RouteClass.Telemetry, caller.Key)
            : caller is null ? new(path.StartsWithSegments("/health") ? RouteClass.Unlimited : RouteClass.Stranger, RequestOrigin.Network(http))
            : new(caller.Actor.Kind == ActorKind.User ? RouteClass.Person : RouteClass.Program, caller.Key);
    }

    private static RateLimitPartition<Partition> Limit(Partition partition, RateLimitOptions options) => partition.Class switch
    {
        RouteClass.Unlimited => RateLimitPartition.GetNoLimiter(partition),
        RouteClass.Login => Bucket(partition, options.Login),
        RouteClass.Telemetry => Bucket(partition, options.Telemetry),
        RouteClass.Program => Bucket(partition, options.Program),
        RouteClass.Link => Bucket(partition, options.Link),
        RouteClass.Person => Bucket(partition, options.Person),
        _ => Bucket(partition, options.Stranger),
    };

    private static RateLimitPartition<Partition> Bucket(Partition partition, Quota quota) =>
        RateLimitPartition.GetTokenBucketLimiter(partition, _ => new()
        {
            TokenLimit = quota.Burst,
            TokensPerPeriod = quota.PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });

    private static async ValueTask RefuseAsync(OnRejectedContext context, CancellationToken cancellation)
    {
        var seconds = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        context.HttpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await ProblemAnswers.Of(StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests",
            $"You have sent more than your quota. Try again in {seconds} second(s).").ExecuteAsync(context.HttpContext);
    }

    private enum RouteClass
    {
        Unlimited,
        Login,
        Telemetry,
        Program,
        Person,
        Stranger,
        Link,
    }

    private readonly record struct Partition(RouteClass Class, string Who);
}
