using ChargeCars.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Tests.Storage;

/// <summary>
/// A database of one test's own. The server is named by CHARGECARS_TEST_POSTGRES until the shared fixture takes over.
/// </summary>
internal sealed class MigrationDatabase : IAsyncDisposable
{
    private static readonly string Server =
        Environment.GetEnvironmentVariable("CHARGECARS_TEST_POSTGRES")
        ?? throw new InvalidOperationException("CHARGECARS_TEST_POSTGRES names no server.");

    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    private readonly string _name;

    private MigrationDatabase(string name)
    {
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(Server) { Database = name }.ConnectionString;
        Source = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>A database without a table.</summary>
    public static async Task<MigrationDatabase> EmptyAsync() => new(await MakeAsync("template0"));

    /// <summary>A database with every migration applied.</summary>
    public static async Task<MigrationDatabase> MigratedAsync() => new(await MakeAsync(await Template.Value));

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T?)await command.ExecuteScalarAsync();
    }

    public async Task<List<string>> LinesAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await ServerAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var name = await MakeAsync("template0");
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Server) { Database = name, Pooling = false }.ConnectionString);
        await new MigrationRunner(source, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);
        return name;
    }

    private static async Task<string> MakeAsync(string template)
    {
        var name = $"t_{Guid.NewGuid():N}";
        await ServerAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    private static async Task ServerAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Server) { Database = "postgres", Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
