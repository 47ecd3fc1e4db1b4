using System.Net;
using System.Net.Sockets;
using ChargeCars.Platform.Secrets;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace ChargeCars.Silo.Hosting;

/// <summary>Orleans as this program runs it: alone with nothing to configure, or in a cluster on the same PostgreSQL.</summary>
internal static class OrleansConfiguration
{
    private const string Invariant = "Npgsql";
    private const string ServiceName = "chargecars";

    /// <summary>Adds the runtime.</summary>
    /// <param name="builder">The host's.</param>
    /// <param name="cluster">What this host is.</param>
    /// <param name="clusterId">The same for the hosts of one database, and no other.</param>
    /// <param name="connectionString">The database.</param>
    /// <param name="master">What the hosts prove to each other that they have.</param>
    public static void AddOrleans(this WebApplicationBuilder builder, ClusterOptions cluster, string clusterId, string connectionString, MasterKey master)
    {
        void Name(Orleans.Configuration.ClusterOptions options) => (options.ClusterId, options.ServiceId) = (clusterId, ServiceName);

        var orleansConnection = ConnectionFor(connectionString);
        var traced = Telemetry.IsWanted(builder.Configuration);
        var tls = cluster is { IsCluster: true, Tls: true } ? new ClusterTls(master, clusterId) : null;
        if (cluster.IsSilo)
        {
            builder.Host.UseOrleans(silo =>
            {
                ConfigureSilo(silo, cluster, orleansConnection, traced);
                silo.Configure<Orleans.Configuration.ClusterOptions>(Name);
                if (tls is not null)
                {
                    silo.UseTls(tls.Apply);
                }
            });
        }
        else
        {
            builder.Host.UseOrleansClient(client =>
            {
                if (tls is not null)
                {
                    client.UseTls(tls.Apply);
                }

                client.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, orleansConnection));
                client.AddMemoryStreams<Orleans.Providers.DefaultMemoryMessageBodySerializer>(StreamNames.Provider, streams => streams.ConfigurePartitioning(StreamQueues));
                client.Configure<Orleans.Configuration.ClusterOptions>(Name);
                client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = TimeSpan.FromSeconds(15));
                client.UseConnectionRetryFilter(async (_, cancellation) =>
                {
                    await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
                    return true;
                });
                if (traced)
                {
                    client.AddActivityPropagation();
                }

                client.AddDashboard();
            });
        }
    }

    // Few queues: each is polled every 5 ms, also at rest.
    private const int StreamQueues = 2;

    private static void ConfigureSilo(ISiloBuilder silo, ClusterOptions cluster, string connectionString, bool traced)
    {
        if (cluster.IsCluster)
        {
            var (siloPort, gatewayPort) = (FreeIfZero(cluster.SiloPort), FreeIfZero(cluster.GatewayPort));
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, connectionString));
            silo.ConfigureEndpoints(
                cluster.AdvertisedAddress, siloPort, gatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(cluster.AdvertisedAddress));
            silo.Configure<ClusterMembershipOptions>(options =>
            {
                // A dead host is voted out in about five seconds, so that positions flow again within ten. A vote is held
                // back while anything came from the host within the longest probe times the limit: 12 s by default.
                options.ProbeTimeout = TimeSpan.FromSeconds(1);
                options.MaxProbeTimeout = TimeSpan.FromSeconds(1.5);
                options.NumMissedProbesLimit = 3;
                options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
                options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
                options.NumMissedTableIAmAliveLimit = 3;
                options.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
                options.DefunctSiloExpiration = TimeSpan.FromHours(1);
            });
        }
        else
        {
            // The port is but a part of the silo's name, and 0 means no gateway.
            silo.UseLocalhostClustering(gatewayPort: 0);
            SilentTransport.Use(silo);
        }

        silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Invariant, connectionString));
        silo.AddAdoNetGrainStorage(StorageNames.Feeds, storage => storage.Configure<SystemTextJsonGrainStorageSerializer>((options, serializer) =>
        {
            (options.Invariant, options.ConnectionString) = (Invariant, connectionString);
            // Plain JSON: no type names of today in the rows of tomorrow.
            options.GrainStorageSerializer = serializer;
        }));
        if (cluster.IsCluster)
        {
            silo.AddAdoNetGrainStorage(StreamNames.SubscriptionStorage, options => (options.Invariant, options.ConnectionString) = (Invariant, connectionString));
        }
        else
        {
            // The only listener is this process: kept on disk, its subscriptions would outlive a kill and be tried in vain.
            silo.AddMemoryGrainStorage(StreamNames.SubscriptionStorage);
        }

        ConfigureStreams(silo);
        ConfigureLimits(silo);
        silo.Services.AddSingleton<IFatalErrorHandler, EvictedSilo>();
        silo.Services.AddSingleton<SystemTextJsonGrainStorageSerializer>();
        silo.Services.AddSingleton<ISpecializableCodec, StorageFaultCodec>();
        if (traced)
        {
            // Its filter of outgoing calls costs every call an invoker, whether or not anybody listens.
            silo.AddActivityPropagation();
        }

        Dashboard.Add(silo);
    }

    private static void ConfigureStreams(ISiloBuilder silo) => silo.AddMemoryStreams(StreamNames.Provider, streams =>
    {
        streams.ConfigurePartitioning(StreamQueues);
        streams.ConfigurePullingAgent(agent => agent.Configure(options =>
        {
            // The defaults poll every 100 ms and take one message at a time: a position would be that old before it is sent.
            options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(5);
            options.BatchContainerBatchSize = 256;
            // What is late is of no use: the next position is newer, and changes come from change_event.
            options.MaxEventDeliveryTime = TimeSpan.FromSeconds(5);
        }));
        streams.ConfigureCacheEviction(eviction => eviction.Configure(options =>
        {
            // Delivered events stay cached for half an hour by default: gigabytes at full rate.
            options.DataMinTimeInCache = TimeSpan.FromSeconds(2);
            options.DataMaxAgeInCache = TimeSpan.FromSeconds(10);
            options.MetadataMinTimeInCache = TimeSpan.FromSeconds(20);
        }));
    });

    private static void ConfigureLimits(ISiloBuilder silo)
    {
        silo.Configure<SiloMessagingOptions>(options =>
        {
            options.ResponseTimeout = TimeSpan.FromSeconds(15);
            options.SystemResponseTimeout = TimeSpan.FromSeconds(15);
        });
        silo.Configure<LoadSheddingOptions>(options =>
        {
            // For API-only hosts' calls: refused at the gateway, they are answered 503 and come back.
            options.LoadSheddingEnabled = true;
            options.CpuThreshold = 98;
            options.MemoryThreshold = 95;
        });
        silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromMinutes(30));
        // Places for a million grains are the default: 18 MB before the first one is known.
        silo.Configure<GrainDirectoryOptions>(options => options.CacheSize = 100_000);
    }

    // Orleans' tables are in a schema of their own; its providers name them without one.
    private static string ConnectionFor(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        SearchPath = "orleans",
        ApplicationName = "chargecars-orleans",
        MaxPoolSize = 20,
        NoResetOnClose = true,
        MaxAutoPrepare = 20,
    }.ConnectionString;

    private static int FreeIfZero(int port)
    {
        if (port != 0)
        {
            return port;
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
