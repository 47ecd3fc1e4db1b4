using ChargeCars.Platform.Secrets;
using ChargeCars.Silo.Database;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Silo.Hosting;

/// <summary>The database as the program uses it: configured or embedded, one pool, migrated before anything runs.</summary>
internal sealed class HostDatabase : IAsyncDisposable
{
    private readonly EmbeddedPostgres? _embedded;

    private HostDatabase(string connectionString, NpgsqlDataSource source, EmbeddedPostgres? embedded) =>
        (ConnectionString, Source, Owner, _embedded) = (connectionString, source, source, embedded);

    /// <summary>Of the role that the program works as.</summary>
    public string ConnectionString { get; private set; }

    /// <summary>The pool that the program works with.</summary>
    public NpgsqlDataSource Source { get; private set; }

    /// <summary>For what only the tables' owner can do.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>From here on the program works as a role that can't change history, where one can be made.</summary>
    public async Task UseApplicationRoleAsync(MasterKey master, ILoggerFactory loggers, CancellationToken cancellation)
    {
        if (await ApplicationRole.EnsureAsync(Owner, ConnectionString, master, loggers.CreateLogger("ChargeCars.Database"), cancellation) is { } own)
        {
            (ConnectionString, Source) = (own, NpgsqlDataSource.Create(Tuned(own)));
        }
    }

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
        await Owner.DisposeAsync();
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
