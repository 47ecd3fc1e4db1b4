using ChargeCars.Api.Identity;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Live;

/// <summary>Registration of the live feed.</summary>
public static class LiveServices
{
    // A Watch with 1,000 vehicle ids and 1,000 order ids is 78 KB; SignalR's default of 32 KB would cut it off.
    private const int MaximumReceiveBytes = 96 * 1024;
    private const int MaximumSendBuffer = 128 * 1024;

    /// <summary>
    /// Adds the feed, its subscriptions and the hub. Needs an <c>NpgsqlDataSource</c>, an <c>IClusterClient</c> with the stream
    /// provider, and authentication that puts a <see cref="Caller"/> on the request. Register further
    /// <see cref="IChangeListener"/>s as singletons to follow the changes.
    /// </summary>
    public static IServiceCollection AddLiveFeed(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<LiveOptions>, LiveOptionsValidator>();
        services.AddOptions<LiveOptions>().Bind(configuration.GetSection(LiveOptions.Section)).ValidateOnStart();
        services.AddSingleton<ChangeRows>();
        services.AddSingleton<WatchReader>();
        services.AddSingleton<WatchReadings>();
        services.AddSingleton<PositionBoard>();
        services.AddSingleton<Slices>();
        services.AddSingleton<LiveConnections>();
        services.AddSingleton<ConnectionPlaces>();
        services.AddSingleton<CallPace>();
        services.AddSingleton<WatchHandler>();
        Hosted<LiveDispatcher>(services);
        services.AddSingleton<IChangeListener>(provider => provider.GetRequiredService<LiveDispatcher>());
        services.AddSingleton<IPositionListener>(provider => provider.GetRequiredService<LiveDispatcher>());
        Hosted<ChangeFeed>(services);
        Hosted<StreamSubscriptions>(services);
        Hosted<PositionRows>(services);

        services.AddSignalR(hub =>
        {
            hub.MaximumReceiveMessageSize = MaximumReceiveBytes;
            // Often, so that a screen may take a line that is silent for seven seconds for dead: a host that hangs closes nothing.
            hub.KeepAliveInterval = TimeSpan.FromSeconds(3);
            hub.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
            hub.HandshakeTimeout = TimeSpan.FromSeconds(5);
            hub.MaximumParallelInvocationsPerClient = 1;
            hub.AddFilter<CallPace>();
        }).AddJsonProtocol(json => LiveJson.Configure(json.PayloadSerializerOptions));
        services.AddSingleton<HubLifetimeManager<DispatchHub>, LiveLifetime>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<HubConnectionHandler<DispatchHub>>(
            provider, new ClientFaultLogs(provider.GetRequiredService<ILoggerFactory>())));
        return services;
    }

    /// <summary>Maps the hub.</summary>
    public static IEndpointConventionBuilder MapLiveFeed(this IEndpointRouteBuilder endpoints)
    {
        var writeTimeout = endpoints.ServiceProvider.GetRequiredService<IOptions<LiveOptions>>().Value.WriteTimeout;
        var hub = endpoints.MapHub<DispatchHub>("/hubs/dispatch", connection =>
        {
            connection.Transports = HttpTransportType.WebSockets;
            connection.ApplicationMaxBufferSize = MaximumReceiveBytes * 2;
            connection.TransportMaxBufferSize = MaximumSendBuffer;
            connection.TransportSendTimeout = writeTimeout;
            connection.CloseOnAuthenticationExpiration = true;
        });
        hub.RequirePermission(Permissions.VehiclesRead);
        hub.Add(ConnectionGate.Close);
        return hub;
    }

    private static void Hosted<T>(IServiceCollection services) where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
