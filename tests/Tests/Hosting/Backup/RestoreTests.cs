using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;
using ChargeCars.Tests.Platform.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Runtime;

namespace ChargeCars.Tests.Hosting.Backup;

/// <summary>The backup and restore page of docs/operations.md, carried out.</summary>
public sealed class RestoreTests(BackedUpHost backup) : IClassFixture<BackedUpHost>, IAsyncLifetime
{
    private readonly string _name = $"restored_{Guid.NewGuid():n}";
    private readonly string _data = Directory.CreateTempSubdirectory("chargecars-restored-").FullName;
    private string _server = "";

    public async Task InitializeAsync() => _server = await PostgresServer.ConnectionStringAsync();

    public async Task DisposeAsync()
    {
        await ExecuteAsync(_server, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
        Directory.Delete(_data, recursive: true);
    }

    [PgDumpFact]
    public async Task Restore_IntoANewDatabaseOfAnotherOwner_GivesEveryRowBack_AndAHostServesIt()
    {
        await ExecuteAsync(_server, $"CREATE ROLE {_name} LOGIN CREATEROLE PASSWORD 'restored'");
        await ExecuteAsync(_server, $"CREATE DATABASE {_name} OWNER {_name}");
        var database = new NpgsqlConnectionStringBuilder(_server) { Database = _name, Username = _name, Password = "restored" }.ConnectionString;

        await BackupTools.RestoreAsync(database, backup.File);

        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            Assert.Equal(backup.Rows, await BackedUpHost.RowsAsync(connection));
            Assert.True(backup.Rows.Count > 50, $"{backup.Rows.Count} tables only");
            await using var mark = new NpgsqlCommand($"SELECT obj_description('{backup.Partition}'::regclass, 'pg_class')", connection);
            Assert.Equal("settled of a test", await mark.ExecuteScalarAsync());
        }

        await using (var host = await StartAsync(database))
        {
            await ServesAsync(host);
            await CannotRewriteHistoryAsync(host);
        }

        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync(_server, $"DROP DATABASE {_name} WITH (FORCE)");
    }

    /// <summary>There the application's role has rights already, also on tables that are yet to be made.</summary>
    [PgDumpFact]
    public async Task Restore_OverADatabaseOnWhichAHostWasStarted_LeavesHistoryUnwritable()
    {
        await ExecuteAsync(_server, $"CREATE DATABASE {_name}");
        var database = new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;
        await (await StartAsync(database)).DisposeAsync();
        NpgsqlConnection.ClearAllPools();

        // What --clean alone stumbles over: PostgreSQL lets nobody drop the key of a partition.
        await ExecuteAsync(database, BackupTools.DropPartitioned);
        await BackupTools.RestoreAsync(database, backup.File, "--clean", "--if-exists");

        await using var host = await StartAsync(database);
        await ServesAsync(host);
        await CannotRewriteHistoryAsync(host);
    }

    [Fact]
    public void Page_OnRestoring_HasTheCommandsOfTheseTests()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Folder, "docs", "operations.md"));

        Assert.Contains(BackupTools.Dump, page, StringComparison.Ordinal);
        Assert.Contains(BackupTools.Restore, page, StringComparison.Ordinal);
        Assert.Contains(BackupTools.DropPartitioned, page, StringComparison.Ordinal);
    }

    private Task<ChargeCarsHost> StartAsync(string database) => ChargeCarsHost.StartAsync(
    [
        "--urls=http://127.0.0.1:0",
        $"--ConnectionStrings:ChargeCars={database}",
        $"--ChargeCars:DataDirectory={_data}",
        $"--ChargeCars:MasterKeyFile={backup.Host.MasterKeyFile}",
        "--Logging:LogLevel:Default=Warning",
    ]);

    private static async Task ServesAsync(ChargeCarsHost host)
    {
        using var client = new HttpClient { BaseAddress = new(host.App.Urls.Single()) };
        using var login = await client.PostAsJsonAsync("/api/auth/login", new { email = RunningHost.Email, password = RunningHost.Password });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await login.JsonAsync()).GetProperty("accessToken").GetString());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
        // The dump names the host that it was made of, which still runs: none of this one's cluster.
        Assert.Single(await host.App.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts());
        var van = (await client.ReadAsync("/api/vehicles?licensePlate=EVERY-1")).GetProperty("items")[0];
        var (id, version) = (van.GetProperty("id").GetGuid(), van.GetProperty("version").GetInt64());

        await (await client.MergePatchAsync($"/api/vehicles/{id}", $"{version}", """{"vehicleName":"Restored"}""")).JsonAsync();
        var sent = await (await client.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { -1, -20 }.Select(days => new { vehicleId = id, fixTime = DateTimeOffset.UtcNow.AddDays(days), latitude = 51.5, longitude = 4.5 }),
        })).JsonAsync();
        Assert.Equal(2, sent.GetProperty("stored").GetInt32());
    }

    private static async Task CannotRewriteHistoryAsync(ChargeCarsHost host)
    {
        foreach (var table in new[] { "audit_log", "status_transition" })
        {
            foreach (var sql in new[] { $"UPDATE {table} SET created_at = created_at", $"DELETE FROM {table}", $"TRUNCATE {table}" })
            {
                await using var command = host.App.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
                var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
                Assert.Contains("permission denied", refused.MessageText, StringComparison.Ordinal); // the right, not the trigger
            }
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
