using ChargeCars.Silo.Database;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Drills.Support;

/// <summary>A PostgreSQL of the drill's own, durable as in service, which several hosts share.</summary>
internal sealed class DurableDatabase : IAsyncDisposable
{
    private readonly EmbeddedPostgres _server;
    private readonly string _folder;

    private DurableDatabase(EmbeddedPostgres server, string folder)
    {
        (_server, _folder) = (server, folder);
        Source = NpgsqlDataSource.Create(server.ConnectionString);
    }

    public string ConnectionString => _server.ConnectionString;

    public NpgsqlDataSource Source { get; }

    public static async Task<DurableDatabase> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("chargecars-drill-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // The temporary folder is its owner's alone, and a root run's server is another account.
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        var server = await EmbeddedPostgres.StartAsync(
            new EmbeddedPostgresOptions { DataDirectory = folder, ServerSettings = new Dictionary<string, string> { ["max_connections"] = "300" } },
            NullLogger.Instance, CancellationToken.None);
        return new(server, folder);
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = Source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of a query, each read by <paramref name="read"/>.</summary>
    public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = Source.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await row.ReadAsync())
        {
            rows.Add(read(row));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
