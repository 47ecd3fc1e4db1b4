using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Identity.Sessions;
using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Hosting;

/// <summary>The whole host, as it is started for users, on a database of its own; with an administrator logged in.</summary>
public sealed class RunningHost : IAsyncLifetime
{
    public const string Email = "admin@example.nl";
    public const string Password = "correct horse battery";
    public const string UserAgent = "chargecars-tests/1";

    /// <summary>Hashes by one round of the real function: what many cost is no part of what tests on a host are about. Other hosts on the database can read them.</summary>
    private static readonly PasswordHasher<object> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 1 }));

    private readonly string _data = Directory.CreateTempSubdirectory("chargecars-host-").FullName;
    private TestDatabase? _database;
    private ChargeCarsHost? _host;

    /// <summary>Further configuration, as on the command line.</summary>
    public IReadOnlyList<string> Configuration { get; init; } = [];

    /// <summary>What a test puts in place of the host's own services.</summary>
    public Action<IServiceCollection>? Configure { get; init; }

    /// <summary>What a test does to the database, whose tables are there, before the host starts.</summary>
    public Func<TestDatabase, Task>? Prepare { get; init; }

    /// <summary>For another host on the same database.</summary>
    public string MasterKeyFile => Path.Combine(_data, "master.key");

    public HttpClient Administrator { get; private set; } = null!;

    public Uri Url => new(_host!.App.Urls.Single());

    public TestDatabase Database => _database!;

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        await (Prepare?.Invoke(_database) ?? Task.CompletedTask);
        await StartAsync();
    }

    /// <summary>Stops the host, and starts it again on the same database and data.</summary>
    public async Task RestartAsync()
    {
        Administrator.Dispose();
        await _host!.DisposeAsync();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        _host = await ChargeCarsHost.StartAsync(
        [
            "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:ChargeCars={Database.ConnectionString}",
            $"--ChargeCars:DataDirectory={_data}",
            $"--CHARGECARS_ADMIN_EMAIL={Email}",
            $"--CHARGECARS_ADMIN_PASSWORD={Password}",
            // Many tests share this host, its administrator and one address, and a fast machine asks more in a second than people do.
            .. new[] { "Login", "Link", "Person", "Program", "Stranger" }.SelectMany(who => new[]
            {
                $"--ChargeCars:RateLimits:{who}:PerSecond=100000", $"--ChargeCars:RateLimits:{who}:Burst=100000",
            }),
            "--Logging:LogLevel:Default=Warning",
            .. Configuration,
        ],
        services =>
        {
            services.AddSingleton<IPasswordHasher<object>>(Hasher);
            Configure?.Invoke(services);
        });
        var session = new RenewedSession(this) { First = await SignInAsync() };
        Administrator = new HttpClient(session) { BaseAddress = Url };
        Administrator.DefaultRequestHeaders.Add("User-Agent", UserAgent);
        Administrator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.First);
    }

    public IServiceProvider Services => _host!.App.Services;

    private async Task<string> SignInAsync()
    {
        using var client = Anonymous();
        using var login = await client.PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password });
        return (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
    }

    public HttpClient Anonymous()
    {
        var client = new HttpClient { BaseAddress = Url };
        client.DefaultRequestHeaders.Add("User-Agent", UserAgent);
        return client;
    }

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

    /// <summary>A client of a new account with a role; a technician's teams drive those vans.</summary>
    public async Task<HttpClient> AsRoleAsync(string role, params Guid[] vans)
    {
        var id = Guid.CreateVersion7();
        await ExecuteAsync($"""
            INSERT INTO organization (id, name) VALUES ('{id}', 'Of a test');
            INSERT INTO contact (id, first_name, last_name, email) VALUES ('{id}', 'Test', '{role}', '{id}@example.nl');
            INSERT INTO user_account (id, contact_id, password, role_id, is_active, user_organization_id)
            SELECT '{id}', '{id}', '-', r.id, true, '{id}' FROM user_role r WHERE role_name = '{role}';
            """);
        foreach (var van in vans)
        {
            var team = Guid.CreateVersion7();
            await ExecuteAsync($"""
                INSERT INTO team (id, name, vehicle_id) VALUES ('{team}', 'Of a test', '{van}');
                INSERT INTO team_member (id, team_id, contact_id, role, valid_from) VALUES ('{team}', '{team}', '{id}', 'lead', '2020-01-01');
                """);
        }

        var answer = await Services.GetRequiredService<SignIn>().OpenAsync(id, PasswordMark.Of("-"), new DefaultHttpContext());
        var client = Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer!.AccessToken);
        return client;
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task DisposeAsync()
    {
        Administrator.Dispose();
        await _host!.DisposeAsync();
        await _database!.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    /// <summary>Signs in anew before the token of the start is over: the tests that share a host may take longer than it lasts.</summary>
    private sealed class RenewedSession(RunningHost host) : DelegatingHandler(new SocketsHttpHandler())
    {
        private static readonly TimeSpan Half = TimeSpan.FromMinutes(7);

        private readonly SemaphoreSlim _one = new(1);
        private string? _current;
        private long _since = Stopwatch.GetTimestamp();

        public required string First { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.Authorization?.Parameter == First)
            {
                await _one.WaitAsync(cancellationToken);
                try
                {
                    if (Stopwatch.GetElapsedTime(_since) > Half)
                    {
                        (_current, _since) = (await host.SignInAsync(), Stopwatch.GetTimestamp());
                    }
                }
                finally
                {
                    _one.Release();
                }

                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _current ?? First);
            }

            return await base.SendAsync(request, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            _one.Dispose();
            base.Dispose(disposing);
        }
    }
}

[CollectionDefinition(Name)]
public sealed class HostCollection : ICollectionFixture<RunningHost>
{
    public const string Name = "host";
}
