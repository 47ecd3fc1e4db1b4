using ChargeCars.Silo.Database;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ChargeCars.Tests.Database;

public sealed class DatabaseVersionCheckTests
{
    [Fact]
    public async Task Ensure_DatabaseThatAnswers_Passes()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();

        await DatabaseVersionCheck.EnsureAsync(database.ConnectionString, NullLogger.Instance, CancellationToken.None);
    }

    [Fact]
    public async Task Ensure_NobodyThere_NamesThePlaceWithoutThePassword()
    {
        var port = ServerAddress.FreePort();
        var fault = await RefusedAsync($"Host=127.0.0.1;Port={port};Database=fleet;Username=me;Password=secret");

        Assert.Contains($"127.0.0.1:{port}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:ChargeCars", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_WrongPassword_DoesNotWait()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var wrong = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = "guess" };

        var fault = await Assert.ThrowsAsync<StartupException>(() =>
            DatabaseVersionCheck.EnsureAsync(wrong.ConnectionString, NullLogger.Instance, TimeSpan.FromHours(1), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1)));

        Assert.Contains("refuses the host", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_NoConnectionString_NamesTheKey()
    {
        var fault = await RefusedAsync("postgres://somewhere");

        Assert.Contains("ConnectionStrings:ChargeCars", fault.Message, StringComparison.Ordinal);
    }

    private static Task<StartupException> RefusedAsync(string connectionString) => Assert.ThrowsAsync<StartupException>(() =>
        DatabaseVersionCheck.EnsureAsync(connectionString, NullLogger.Instance, TimeSpan.FromMilliseconds(100), CancellationToken.None));
}
