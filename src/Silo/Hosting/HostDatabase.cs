using ChargeCars.Silo.Database;
using ChargeCars.Storage;
using ChargeCars.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Silo.Hosting;

/// <summary>The database as the program uses it: configured or embedded, one pool, migrated before anything runs.</summary>
internal sealed class HostDatabase : IAsyncDisposable
{
    private readonly EmbeddedPostgres? _embedded;

    private HostDatabase(string connectionString, NpgsqlDataSource source, EmbeddedPostgres? embedded) =>
        (ConnectionString, Source, _embedded) = (connectionString, source, embedded);

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public static async Task<HostDatabase> OpenAsync(
        ClusterOptions cluster, IConfiguration configuration, ILoggerFactory loggers, CancellationToken cancellation)
    {
        var logger = loggers.CreateLogger("ChargeCars.Database");
        EmbeddedPostgres? embedded = null;
        if (cluster.ConnectionString is { } configured)
        {
            await DatabaseVersionCheck.EnsureAsync(configured, logger, cancellation);
        }
        else
        {
            embedded = await EmbeddedPostgres.StartAsync(
                new EmbeddedPostgresOptions
                {
                    DataDirectory = cluster.DataDirectory,
                    BinDirectory = configuration[EmbeddedPostgresOptions.BinDirectoryKey],
                    HostUrl = configuration["urls"],
                },
                logger, cancellation);
        }

        var connectionString = embedded?.ConnectionString ?? cluster.ConnectionString!;
        var database = new HostDatabase(connectionString, NpgsqlDataSource.Create(Tuned(connectionString)), embedded);
        try
        {
            await new MigrationRunner(database.Source, loggers.CreateLogger<MigrationRunner>()).RunAsync(cancellation);
            var positions = configuration.GetSection(PositionOptions.Section).Get<PositionOptions>() ?? new();
            await new PositionPartitions(database.Source, TimeProvider.System, Options.Create(positions)).EnsureAsync(cancellation);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

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
