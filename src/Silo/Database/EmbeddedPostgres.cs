using System.Diagnostics;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Silo.Database;

/// <summary>
/// The host's private PostgreSQL: found or fetched, made on first use, taken over when a killed host left it running,
/// started again when it dies, and stopped with the host.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private readonly EmbeddedPostgresOptions _options;
    private readonly ILogger _logger;
    private readonly HostLock _lock;
    private readonly ClusterHome _home;
    private readonly PostgresProcess _server;
    private readonly CancellationTokenSource _stopping = new();
    private ConnectionFile _connection;
    private Task _supervision = Task.CompletedTask;
    private int _disposed;

    private EmbeddedPostgres(
        EmbeddedPostgresOptions options, ILogger logger, HostLock held, ClusterHome home, PostgresProcess server, ConnectionFile connection) =>
        (_options, _logger, _lock, _home, _server, _connection) = (options, logger, held, home, server, connection);

    /// <summary>For Npgsql. The same for as long as this instance lives, whatever happens to the server.</summary>
    public string ConnectionString => _connection.ConnectionString;

    internal ClusterHome Home => _home;

    /// <summary>Returns when the database takes connections.</summary>
    /// <exception cref="StartupException">Something that the operator must put right.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(EmbeddedPostgresOptions options, ILogger logger, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        options = options with { DataDirectory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.DataDirectory)) };
        HostLock? held = null;
        try
        {
            Directory.CreateDirectory(options.DataDirectory);
            held = HostLock.Acquire(options.DataDirectory, options.HostUrl);
            var postgres = await PrepareAsync(options, logger, held, ct);
            await postgres.BeginAsync(ct);
            logger.LogInformation("PostgreSQL is ready after {Elapsed} ms; data in {Folder}", clock.ElapsedMilliseconds, postgres._home.Folder);
            return postgres;
        }
        catch (Exception fault)
        {
            held?.Dispose();
            throw fault switch
            {
                IOException io when PostgresFault.IsDiskFull(io) => PostgresFault.DiskFull(options.DataDirectory, io),
                UnauthorizedAccessException or IOException => new StartupException(
                    $"The data folder {options.DataDirectory} can't be used by '{Environment.UserName}': {fault.Message} " +
                    "Start the host as the owner of that folder, or set ChargeCars__DataDirectory to another.", fault),
                _ => fault,
            };
        }
    }

    /// <summary>
    /// Deletes a data folder that no host uses, ending the server that a killed host may have left on it.
    /// False when a host still holds it.
    /// </summary>
    public static async Task<bool> DiscardAsync(string dataDirectory, ILogger logger, CancellationToken ct)
    {
        using (var held = HostLock.TryAcquire(dataDirectory))
        {
            if (held is null)
                return false;
            var options = new EmbeddedPostgresOptions { DataDirectory = dataDirectory };
            var (home, account) = await ClusterHome.PrepareAsync(options, logger, ct);
            if (home.ClusterVersion is not null)
            {
                var binaries = await new BinarySearch(options, home, account, logger).FindAsync(ct);
                await new PostgresProcess(home, binaries, account, options.ServerSettings).AbortAsync();
            }

            Directory.Delete(home.Folder, recursive: true);
        }

        Directory.Delete(dataDirectory, recursive: true);
        return true;
    }

    /// <summary>Stops the server in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!await EndSupervisionAsync())
            return;
        await _server.StopAsync();
        if (_connection.IsSocket && _connection.Host != _home.Socket && Directory.Exists(_connection.Host))
            Directory.Delete(_connection.Host, recursive: true);
        _lock.Dispose();
    }

    /// <summary>Leaves everything as a killed host does: the server runs on and the lock is free.</summary>
    internal async Task AbandonAsync()
    {
        await EndSupervisionAsync();
        _lock.Dispose();
    }

    private static async Task<EmbeddedPostgres> PrepareAsync(
        EmbeddedPostgresOptions options, ILogger logger, HostLock held, CancellationToken ct)
    {
        var (home, account) = await ClusterHome.PrepareAsync(options, logger, ct);
        var binaries = await new BinarySearch(options, home, account, logger).FindAsync(ct);
        logger.LogInformation("PostgreSQL {Version} from {Folder}, run by {Account}", binaries.Version, binaries.Folder, account.Name);

        var server = new PostgresProcess(home, binaries, account, options.ServerSettings);
        var connection = ConnectionFile.Read(options.DataDirectory);
        if (home.ClusterVersion is null)
        {
            connection = ServerAddress.Choose(home, null, ConnectionFile.NewPassword());
            var durable = options.ServerSettings.GetValueOrDefault("fsync") != "off";
            // Before the cluster counts as made: its password must not be lost.
            connection.Write(options.DataDirectory);
            await ClusterCreation.CreateAsync(home, binaries, account, connection.Password, durable, ct);
        }

        if (connection is null)
        {
            logger.LogWarning("{File} is missing or unreadable: the database gets a new password", ConnectionFile.PathIn(options.DataDirectory));
            if (await server.RunningAsync(ct) is not null)
                await server.StopAsync();
            connection = ServerAddress.Choose(home, null, ConnectionFile.NewPassword());
            await server.SetPasswordAsync(connection, ct);
        }

        return new EmbeddedPostgres(options, logger, held, home, server, connection);
    }

    private async Task BeginAsync(CancellationToken ct)
    {
        try
        {
            if (!await Takeover().TryAsync(ct))
                await StartOnAFreePortAsync();
            _connection.Write(_options.DataDirectory);
            await using var connection = await DatabaseSession.OpenAsync(_connection, ct);
        }
        catch (Exception fault)
        {
            await _server.StopAsync();
            if (fault is not PostgresException refusal)
                throw;
            var file = ConnectionFile.PathIn(_options.DataDirectory);
            throw new StartupException(
                $"The database in {_home.Folder} refuses the host: {refusal.MessageText}. Delete {file} to have its password renewed.", fault);
        }

        _supervision = new Supervision(_connection, RestoreAsync, () => _server.TrimLog(), _logger).RunAsync(_stopping.Token);
    }

    private async Task StartOnAFreePortAsync()
    {
        _connection = ServerAddress.Choose(_home, _connection, _connection.Password);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _server.StartAsync(_connection);
                return;
            }
            catch (PortTakenException) when (attempt < 5)
            {
                _connection = _connection with { Port = ServerAddress.FreePort() };
            }
        }
    }

    /// <summary>The same server if it still lives, else a new one on the same socket and port.</summary>
    private async Task RestoreAsync()
    {
        if (!await Takeover().TryAsync(CancellationToken.None))
            await _server.StartAsync(_connection);
    }

    private ServerTakeover Takeover() => new(_server, _connection, _logger);

    private async Task<bool> EndSupervisionAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return false;
        await _stopping.CancelAsync();
        await _supervision;
        _stopping.Dispose();
        return true;
    }
}
