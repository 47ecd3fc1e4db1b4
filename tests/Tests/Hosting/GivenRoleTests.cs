using System.Net;
using ChargeCars.Testing;
using Npgsql;

namespace ChargeCars.Tests.Hosting;

/// <summary>A database whose owner may not make roles: the program works as that role, and says what is not protected.</summary>
public sealed class GivenRoleTests : IAsyncLifetime
{
    private readonly string _name = $"given_{Guid.NewGuid():n}";
    private readonly string _data = Directory.CreateTempSubdirectory("chargecars-given-").FullName;
    private string _server = "";

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.ConnectionStringAsync();
        await ExecuteAsync(_server, $"CREATE ROLE {_name} LOGIN NOCREATEROLE PASSWORD 'given'");
        await ExecuteAsync(_server, $"CREATE DATABASE {_name} OWNER {_name}");
    }

    public async Task DisposeAsync()
    {
        await ExecuteAsync(_server, $"DROP DATABASE {_name} WITH (FORCE)");
        await ExecuteAsync(_server, $"DROP ROLE {_name}");
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Host_GivenARoleThatMakesNoRoles_WorksAsItAndSaysThatOnlyATriggerProtectsHistory()
    {
        var given = new NpgsqlConnectionStringBuilder(_server) { Database = _name, Username = _name, Password = "given" }.ConnectionString;
        await using var host = new HostProcess(new Dictionary<string, string>
        {
            ["ConnectionStrings__ChargeCars"] = given, ["ChargeCars__DataDirectory"] = _data,
        });

        await host.StartAsync(TimeSpan.FromMinutes(2));

        using var client = new HttpClient { BaseAddress = host.Url };
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/vehicles")).StatusCode);
        Assert.Contains($"works as the role {_name}", host.Output, StringComparison.Ordinal);
        Assert.Contains("CREATEROLE", host.Output, StringComparison.Ordinal);
        Assert.Contains("audit_log", host.Output, StringComparison.Ordinal);
        foreach (var sql in new[] { "UPDATE audit_log SET change_summary = 'nothing happened'", "DELETE FROM audit_log" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(given, sql));
            Assert.Contains("append-only", refused.MessageText, StringComparison.Ordinal); // the trigger: the right is the owner's
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
