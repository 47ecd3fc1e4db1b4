using System.Globalization;
using ChargeCars.Silo.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Bench.Running;

/// <summary>A private PostgreSQL as the host runs its own: fsync and full_page_writes on, every acknowledged write on disk.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private readonly EmbeddedPostgres _server;
    private readonly string _folder;
    private int _databases;

    private BenchServer(EmbeddedPostgres server, string folder) => (_server, _folder) = (server, folder);

    /// <summary>PostgreSQL's first process.</summary>
    public int Process => int.Parse(
        File.ReadLines(Path.Combine(_folder, "postgres", "cluster", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    public static Task<BenchServer> StartAsync() => StartAsync(Directory.CreateTempSubdirectory("chargecars-bench-").FullName);

    /// <summary>The same on Linux's file system in memory, for what is asked apart from the disk.</summary>
    public static Task<BenchServer> StartInMemoryAsync() =>
        StartAsync(Directory.CreateDirectory($"/dev/shm/chargecars-bench-{Guid.NewGuid():n}").FullName);

    /// <summary>The connection string of a new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"bench_{++_databases}";
        await using var source = NpgsqlDataSource.Create(_server.ConnectionString);
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _server.DisposeAsync();
        await EmbeddedPostgres.DiscardAsync(_folder, NullLogger.Instance, CancellationToken.None);
    }

    private static async Task<BenchServer> StartAsync(string folder)
    {
        // Its server is another account's when root runs it.
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return new(
            await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions { DataDirectory = folder }, NullLogger.Instance, CancellationToken.None),
            folder);
    }
}
