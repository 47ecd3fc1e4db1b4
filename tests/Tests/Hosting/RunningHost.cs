using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;
using Microsoft.AspNetCore.Builder;

namespace ChargeCars.Tests.Hosting;

/// <summary>The whole host, as it is started for users, on a database of its own; with an administrator logged in.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    private const string Email = "admin@example.nl";
    internal const string Password = "correct horse battery";
    private readonly string _data = Directory.CreateTempSubdirectory("chargecars-host-").FullName;
    private TestDatabase? _database;
    private ChargeCarsHost? _host;

    /// <summary>Further configuration, as on the command line.</summary>
    public IReadOnlyList<string> Configuration { get; init; } = [];

    public HttpClient Administrator { get; private set; } = null!;

    public Uri Url => new(_host!.App.Urls.Single());

    public TestDatabase Database => _database!;

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        _host = await ChargeCarsHost.StartAsync(
        [
            "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:ChargeCars={_database.ConnectionString}",
            $"--ChargeCars:DataDirectory={_data}",
            $"--CHARGECARS_ADMIN_EMAIL={Email}",
            $"--CHARGECARS_ADMIN_PASSWORD={Password}",
            "--Logging:LogLevel:Default=Warning",
            .. Configuration,
        ]);
        Administrator = Anonymous();
        using var login = await Administrator.PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password });
        Administrator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
    }

    public IServiceProvider Services => _host!.App.Services;

    public HttpClient Anonymous() => new() { BaseAddress = Url };

    /// <summary>A client with a new key that has these permissions.</summary>
    public Task<HttpClient> WithKeyAsync(params string[] permissions) => WithKeyAsync(new { name = "test", permissions });

    /// <summary>A client with a new key as the body asks for it.</summary>
    public async Task<HttpClient> WithKeyAsync(object key)
    {
        using var answer = await Administrator.PostAsJsonAsync("/api/api-keys", key);
        var client = Anonymous();
        client.DefaultRequestHeaders.Add("X-Api-Key", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString());
        return client;
    }

    public async Task DisposeAsync()
    {
        Administrator.Dispose();
        await _host!.DisposeAsync();
        await _database!.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class HostCollection : ICollectionFixture<RunningHost>
{
    public const string Name = "host";
}
