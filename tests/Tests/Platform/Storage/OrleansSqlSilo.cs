using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;

namespace ChargeCars.Tests.Platform.Storage;

/// <summary>A silo on the real providers, with our statements for Orleans.</summary>
public sealed class OrleansSqlSilo : IAsyncLifetime
{
    internal MigrationDatabase Database { get; private set; } = null!;

    internal IHost Host { get; private set; } = null!;

    internal string ConnectionString =>
        new NpgsqlConnectionStringBuilder(Database.ConnectionString) { SearchPath = "orleans" }.ConnectionString;

    public async Task InitializeAsync()
    {
        Database = await MigrationDatabase.MigratedAsync();
        void Configure(AdoNetGrainStorageOptions options, SystemTextJsonGrainStorageSerializer serializer)
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = ConnectionString;
            options.GrainStorageSerializer = serializer;
        }

        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<SystemTextJsonGrainStorageSerializer>();
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("tests", "tests"))
            .Configure<EndpointOptions>(options =>
            {
                options.AdvertisedIPAddress = IPAddress.Loopback;
                (options.SiloPort, options.GatewayPort) = (FreePort(), FreePort());
            })
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", ConnectionString))
            .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = ("Npgsql", ConnectionString))
            .AddAdoNetGrainStorageAsDefault(storage => storage
                .Configure<SystemTextJsonGrainStorageSerializer>(Configure))
            .AddAdoNetGrainStorage("deleting", storage => storage
                .Configure<SystemTextJsonGrainStorageSerializer>((options, serializer) =>
                {
                    Configure(options, serializer);
                    options.DeleteStateOnClear = true;
                })));
        Host = builder.Build();
        await Host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await Host.StopAsync();
        Host.Dispose();
        await Database.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
