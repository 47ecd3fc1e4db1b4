using System.Security.Cryptography;
using System.Text;
using ChargeCars.Platform.Secrets;
using ChargeCars.Silo.Database;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Silo.Hosting;

/// <summary>The database as the program uses it: configured or embedded, one pool, migrated before anything runs.</summary>
internal sealed class HostDatabase : IAsyncDisposable
{
    /// <summary>
    /// A database that was restored from another's dump differs in both, also on the same server; a replica that takes over
    /// differs in neither.
    /// </summary>
    private const string IdentitySql = """
        SELECT system_identifier || '/' || oid FROM pg_control_system(), pg_database WHERE datname = current_database()
        """;

    private readonly EmbeddedPostgres? _embedded;

    private HostDatabase(string connectionString, NpgsqlDataSource source, EmbeddedPostgres? embedded) =>
        (ConnectionString, Source, Owner, _embedded) = (connectionString, source, source, embedded);

    /// <summary>Of the role that the program works as.</summary>
    public string ConnectionString { get; private set; }

    /// <summary>The pool that the program works with.</summary>
    public NpgsqlDataSource Source { get; private set; }

    /// <summary>For what only the tables' owner can do.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>
    /// The name of the cluster that the hosts of this database are. Not a constant: a dump carries the list of the hosts that
    /// ran when it was made, and a host on the restored database would take those of the original for its own.
    /// </summary>
    public string ClusterId { get; private set; } = "";

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
            embedded = await StartEmbeddedAsync(cluster, configuration, configuration["urls"], logger, cancellation);
        }

        var connectionString = embedded?.ConnectionString ?? cluster.ConnectionString!;
        var database = new HostDatabase(connectionString, NpgsqlDataSource.Create(Tuned(connectionString)), embedded);
        try
        {
            database.ClusterId = await ReadClusterIdAsync(database.Source, cancellation);
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

    /// <param name="cluster">Where its data is.</param>
    /// <param name="configuration">The host's.</param>
    /// <param name="usedBy">What a second host that wants the same data is told; null where there is no address.</param>
    /// <param name="logger">Says what it does.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<EmbeddedPostgres> StartEmbeddedAsync(
        ClusterOptions cluster, IConfiguration configuration, string? usedBy, ILogger logger, CancellationToken cancellation) => EmbeddedPostgres.StartAsync(
        new EmbeddedPostgresOptions
        {
            DataDirectory = cluster.DataDirectory,
            BinDirectory = configuration[EmbeddedPostgresOptions.BinDirectoryKey],
            HostUrl = usedBy,
        },
        logger, cancellation);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Owner.DisposeAsync();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    private static async Task<string> ReadClusterIdAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(IdentitySql);
        var identity = (string)(await command.ExecuteScalarAsync(cancellation))!;
        return $"chargecars-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 8))}";
    }

    private static string Tuned(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // Every statement's text is a constant: prepared once a connection, and nothing to reset between uses.
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        };
        // A name that was given tells hosts on one database apart.
        builder.ApplicationName ??= "chargecars";
        if (!connectionString.Contains("Pool Size", StringComparison.OrdinalIgnoreCase))
        {
            builder.MaxPoolSize = 40;
        }

        return builder.ConnectionString;
    }
}
