using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Identity.Sessions;
using ChargeCars.Api.Platform.Http.Limits;
using ChargeCars.Api.Platform.Notifications;
using ChargeCars.Platform.Secrets;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using ChargeCars.Tests.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace ChargeCars.Tests.Identity;

/// <summary>A small host with access, a few probe endpoints, a real database, a fake clock, and every log line kept.</summary>
#pragma warning disable CA1001 // xunit disposes of it through IAsyncLifetime
public sealed class AccessApp : IAsyncLifetime
#pragma warning restore CA1001
{
    public const string AdminEmail = "Admin@Example.com";
    public const string AdminPassword = "correct horse battery staple";

    private TestDatabase? _database;
    private InProcessTestCluster? _cluster;
    private GroupCommit? _commits;
    private WebApplication? _app;
    private HttpClient? _http;

    public LeapingClock Time { get; } = new();

    public KeptLog Log { get; } = new();

    public KeptNotifications Sent { get; } = new();

    /// <summary>One for the host and its silo, so that a test can hold the turns.</summary>
    internal Passwords Passwords { get; }

    internal CountingHasher Hasher { get; } = new();

    public AccessApp() => Passwords = new(Hasher);

    /// <summary>How many credentials may fail; many tests share the host and its one address.</summary>
    internal Quota FailedCredentials { get; init; } = new() { PerSecond = 100_000, Burst = 100_000 };

    public IGrainFactory Grains => _cluster!.Client;

    public NpgsqlDataSource Database => _database!.DataSource;

    public IServiceProvider Services => _app!.Services;

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        await new MigrationRunner(Database, NullLogger<MigrationRunner>.Instance).RunAsync(CancellationToken.None);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration[FirstAdministrator.EmailKey] = AdminEmail;
        builder.Configuration[FirstAdministrator.PasswordKey] = AdminPassword;
        // As an operator might, to see more: the addresses must stay out all the same.
        builder.Configuration["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace";
        builder.Logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Trace);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddSingleton(Database);
        _commits = CommitDatabase.CommitsOn(Database);
        await _commits.StartAsync(CancellationToken.None);
        builder.Services.AddSingleton(_commits);
        builder.Configuration[MasterKey.Key] = Convert.ToBase64String(new byte[32]);
        var master = MasterKey.Load(builder.Configuration, "", isFirstStart: true);
        builder.Services.AddSecrets(master);
        builder.Services.AddSingleton(Passwords);
        builder.Services.AddSingleton<INotificationSender>(Sent);
        await StartGrainsAsync(master);
        builder.Services.AddSingleton<IGrainFactory>(_cluster!.Client);
        builder.Services.Configure<RateLimitOptions>(options => options.FailedCredentials = FailedCredentials);
        builder.Services.AddAccess(builder.Configuration);

        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseFailedCredentialsQuota();
        _app.UseAuthorization();
        _app.MapAccess();
        _app.MapGet("/probe/vehicles", (HttpContext http) => Caller.Of(http).Key).RequirePermission(Permissions.VehiclesRead);
        _app.MapGet("/probe/open", () => "open").OpenToAll("A probe.");
        _app.MapGet("/probe/path/{key}", (HttpContext http) => Caller.Of(http).Key)
            .TakesKeyFromPath("key").RequirePermission(Permissions.PositionsWrite);
        _app.MapGet("/hubs/dispatch", (HttpContext http) => Caller.Of(http).Key).RequirePermission(Permissions.VehiclesRead);
        await _app.Services.PrepareAccessAsync(Path.GetTempPath(), TextWriter.Null, CancellationToken.None);
        await _app.StartAsync();
        _http = new() { BaseAddress = new(_app.Urls.Single()) };
    }

    private async Task StartGrainsAsync(MasterKey master)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryStreams(StreamNames.Provider);
            silo.AddMemoryGrainStorage(StreamNames.SubscriptionStorage);
            silo.Services.AddSingleton(Database);
            silo.Services.AddSingleton<TimeProvider>(Time);
            silo.Services.AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
            silo.Services.AddSecrets(master);
            silo.Services.AddCommits();
            silo.Services.AddSingleton(Passwords);
            silo.Services.AddAccounts();
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async Task DisposeAsync()
    {
        _http?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Passwords.Dispose();

        if (_commits is not null)
        {
            await _commits.StopAsync(CancellationToken.None);
            _commits.Dispose();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>As after a restart of the hosts: no grain has anything in memory.</summary>
    public Task ForgetGrainsAsync() => Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? key = null, string? bearer = null, object? body = null, string? ifMatch = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        return _http!.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? key = null, string? bearer = null) =>
        SendAsync(HttpMethod.Get, path, key, bearer);

    /// <summary>An administrator's token, as a login would give it.</summary>
    public async Task<string> AdminTokenAsync() => await TokenOfAsync(await AdminIdAsync());

    public async Task<Guid> AdminIdAsync() =>
        await ValueAsync<Guid>("SELECT u.id FROM user_account u JOIN contact c ON c.id = u.contact_id WHERE c.email = 'Admin@Example.com'");

    internal ValueTask<SignedInUser?> FindUserAsync(Guid userId) => Services.GetRequiredService<UserDirectory>().FindAsync(userId);

    /// <summary>An access token of a new session, as a login would give it.</summary>
    internal async Task<string> TokenOfAsync(Guid userId) => (await SignInAsync(userId)).AccessToken;

    /// <summary>All that a login would give.</summary>
    internal async Task<LoginAnswer> SignInAsync(Guid userId) =>
        (await Services.GetRequiredService<SignIn>().OpenAsync(userId, await PasswordMarkAsync(userId), new DefaultHttpContext()))!;

    internal async Task<string> PasswordMarkAsync(Guid userId) => PasswordMark.Of(await ValueAsync<string>("SELECT password FROM user_account WHERE id = $1", userId));

    /// <summary>A key made over HTTP by the administrator: its id and text.</summary>
    public async Task<(Guid Id, string Key)> CreateKeyAsync(params string[] permissions)
    {
        var answer = await SendAsync(HttpMethod.Post, "/api/api-keys", bearer: await AdminTokenAsync(), body: new { name = "probe", permissions });
        var body = await BodyAsync(answer, 201);
        return (body.GetProperty("id").GetGuid(), body.GetProperty("key").GetString()!);
    }

    /// <summary>An account with a contact of its own; the password's hash as given.</summary>
    public async Task<Guid> CreateUserAsync(string email, string hash, string role = "viewer")
    {
        var id = Guid.CreateVersion7();
        await ExecuteAsync("""
            WITH person AS (INSERT INTO contact (id, first_name, last_name, email) VALUES ($1, 'Test', 'Person', $2))
            INSERT INTO user_account (id, contact_id, password, role_id, is_active)
            SELECT $1, $1, $3, id, true FROM user_role WHERE role_name = $4 AND partner_organization_id IS NULL
            """, id, email, hash, role);
        return id;
    }

    /// <summary>The body, after a look at the status and, for a problem, at its manner.</summary>
    public static async Task<JsonElement> BodyAsync(HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {status}: {text}");
        var body = JsonDocument.Parse(text).RootElement;
        if (status >= 400)
        {
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal(status, body.GetProperty("status").GetInt32());
            Assert.All(["type", "title", "detail", "traceId"], name => Assert.NotEqual("", body.GetProperty(name).GetString()));
        }

        return body;
    }

    public async Task<T> ValueAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync();
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = Database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}

[CollectionDefinition(Name)]
public sealed class AccessCollection : ICollectionFixture<AccessApp>
{
    public const string Name = "access";
}
