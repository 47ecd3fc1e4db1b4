using System.Diagnostics;
using ChargeCars.Silo.Database;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Positions.Days;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Testing;

/// <summary>One private PostgreSQL for the whole test run, started when the first test asks for a database.</summary>
public static class PostgresServer
{
    private const string FolderPrefix = "chargecars-tests-";
    private const string Template = "chargecars_template";

    /// <summary>For ordinary tests only, whose data nobody misses. Drills of durability start a server of their own.</summary>
    private static readonly Dictionary<string, string> Fast = new()
    {
        ["fsync"] = "off",
        ["full_page_writes"] = "off",
        ["synchronous_commit"] = "off",
        ["max_connections"] = "500",
    };

    /// <summary>In memory where that has room enough: a database is a thousand small files, and a disk's file system takes long to make and remove them.</summary>
    private static readonly string Home = HasRoom("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private static readonly Lazy<Task<EmbeddedPostgres>> Started = new(StartAsync);

    /// <summary>Kept, because its pipe must stay open for as long as this process lives.</summary>
    private static Process? cleaner;

    /// <summary>A fresh database with the current schema; its own until it is disposed.</summary>
    public static async Task<TestDatabase> CreateDatabaseAsync()
    {
        var server = await Started.Value;
        var name = $"test_{Guid.NewGuid():N}";
        // Through the WAL: as files it takes two checkpoints, which every other test on the server waits for too.
        await ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE {Template} STRATEGY wal_log");
        return new TestDatabase(
            ConnectionStringFor(server, name),
            () => ExecuteAsync(server, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
    }

    /// <summary>The server itself, for tests that make their own databases.</summary>
    public static async Task<string> ConnectionStringAsync() => (await Started.Value).ConnectionString;

    private static async Task<EmbeddedPostgres> StartAsync()
    {
        await DiscardLeftoversAsync();
        var folder = MakeFolder();
        var server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataDirectory = folder, ServerSettings = Fast }, NullLogger.Instance, CancellationToken.None);
        EndWithThisProcess(folder);

        await ExecuteAsync(server, $"CREATE DATABASE {Template}");
        await using (var template = NpgsqlDataSource.Create(ConnectionStringFor(server, Template)))
            await MigrateAsync(template);
        return server;
    }

    private static string MakeFolder()
    {
        var path = Path.Combine(Home, FolderPrefix + Path.GetRandomFileName());
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(path).FullName;
        }

        // Its owner's alone; but a root run's server, which is another account, gets through it to its own folder, whatever the umask is.
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(path, Owner);
        File.SetUnixFileMode(path, Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return path;
    }

    private static bool HasRoom(string folder)
    {
        const long Enough = 8L << 30;
        try
        {
            return Directory.Exists(folder) && new DriveInfo(folder).AvailableFreeSpace >= Enough;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false;
        }
    }

    private static async Task MigrateAsync(NpgsqlDataSource template)
    {
        await new MigrationRunner(template, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        await new PositionPartitions(template, TimeProvider.System, Options.Create(new PositionOptions())).EnsureAsync(CancellationToken.None);
    }

    /// <summary>What runs that were killed left behind; a folder whose run is alive is held by it.</summary>
    private static async Task DiscardLeftoversAsync()
    {
        foreach (var folder in new[] { Path.GetTempPath(), Home }.Distinct().SelectMany(home => Directory.EnumerateDirectories(home, FolderPrefix + "*")))
        {
            // A run that is only just making its folder has no lock in it yet.
            if (!File.Exists(Path.Combine(folder, "host.lock")))
                continue;
            try
            {
                await EmbeddedPostgres.DiscardAsync(folder, NullLogger.Instance, CancellationToken.None);
            }
            catch (Exception fault) when (fault is StartupException or IOException or UnauthorizedAccessException)
            {
                // Another user's, or being discarded by another run at this moment.
            }
        }
    }

    /// <summary>
    /// A test host is often killed before its exit handlers are through, so a shell waits for its end: the pipe
    /// between them closes however the process goes.
    /// </summary>
    private static void EndWithThisProcess(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Started.Value.Result.DisposeAsync().AsTask().Wait();
            return;
        }

        const string AtEnd =
            """
            trap '' INT TERM HUP
            exec >/dev/null 2>&1
            cat
            kill -QUIT "$(head -n 1 "$0/postgres/cluster/postmaster.pid")"
            while [ -e "$0/postgres/cluster/postmaster.pid" ] && [ "${n:=0}" -lt 100 ]; do n=$((n+1)); sleep 0.05; done
            rm -rf "$0"
            """;
        cleaner = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", AtEnd, folder]) { RedirectStandardInput = true });
    }

    private static string ConnectionStringFor(EmbeddedPostgres server, string database) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database }.ConnectionString;

    private static async Task ExecuteAsync(EmbeddedPostgres server, string sql)
    {
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        // A busy disk makes a checkpoint long.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)Patience.Limit.TotalSeconds };
        await command.ExecuteNonQueryAsync();
    }
}
