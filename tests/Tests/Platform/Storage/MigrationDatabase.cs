using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Tests.Platform.Storage;

/// <summary>
/// A database of one test's own, empty or with the migrations only: without the partitions that other tests' databases have.
/// </summary>
internal sealed class MigrationDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    private readonly string _name;

    private MigrationDatabase(string server, string name)
    {
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        Source = NpgsqlDataSource.Create(ConnectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>A database without a table.</summary>
    public static async Task<MigrationDatabase> EmptyAsync() => await OpenAsync("template0");

    /// <summary>A database with every migration applied.</summary>
    public static async Task<MigrationDatabase> MigratedAsync() => await OpenAsync(await Template.Value);

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

    private static async Task<MigrationDatabase> OpenAsync(string template) =>
        new(await PostgresServer.ConnectionStringAsync(), await MakeAsync(template));

    private static async Task<string> MakeTemplateAsync()
    {
        var name = await MakeAsync("template0");
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Database = name, Pooling = false }.ConnectionString);
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
            new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Database = "postgres", Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = (int)Patience.Limit.TotalSeconds; // a busy disk makes a checkpoint long
        await command.ExecuteNonQueryAsync();
    }
}
