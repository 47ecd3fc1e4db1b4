using ChargeCars.Storage;
using ChargeCars.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Silo.Hosting;

/// <summary>The database as the program uses it: configured or embedded, one pool, migrated before anything runs.</summary>
internal sealed class HostDatabase : IAsyncDisposable
{
    private HostDatabase(string connectionString, NpgsqlDataSource source)
    {
        ConnectionString = connectionString;
        Source = source;
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public static async Task<HostDatabase> OpenAsync(ClusterOptions cluster, IConfiguration configuration, ILoggerFactory loggers)
    {
        var connectionString = cluster.ConnectionString ?? throw new StartupException("embedded: to be merged");
        var source = NpgsqlDataSource.Create(Tuned(connectionString));
        await new MigrationRunner(source, loggers.CreateLogger<MigrationRunner>()).RunAsync(CancellationToken.None);
        var positions = configuration.GetSection(PositionOptions.Section).Get<PositionOptions>() ?? new();
        await new PositionPartitions(source, TimeProvider.System, Options.Create(positions)).EnsureAsync(CancellationToken.None);
        return new(connectionString, source);
    }

    public async ValueTask DisposeAsync() => await Source.DisposeAsync();

    private static string Tuned(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "chargecars",
            // Every statement's text is a constant: prepared once a connection, and nothing to reset between uses.
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        };
        if (!connectionString.Contains("Pool Size", StringComparison.OrdinalIgnoreCase))
        {
            builder.MaxPoolSize = 40;
        }

        return builder.ConnectionString;
    }
}
