using System.Net;
using System.Net.Http.Json;
using ChargeCars.Silo.Hosting;
using ChargeCars.Tests.Platform.Live;

namespace ChargeCars.Tests.Hosting.Access;

/// <summary>
/// Two hosts on one database. What ends on one of them is over on the other too when the answer is there: the next request
/// is 401, the connection closes within five seconds, and it does not come back.
/// </summary>
public sealed class RevocationTests(TwoHosts hosts) : IClassFixture<TwoHosts>
{
    [Fact]
    public async Task Session_LoggedOut_IsOverOnBothHosts()
    {
        using var client = await hosts.First.AsRoleAsync("viewer");

        await IsOverAsync(client, async () =>
            Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync("/api/auth/logout", null)).StatusCode));
    }

    [Fact]
    public async Task Session_EndedByAnAdministrator_IsOverOnBothHosts()
    {
        using var client = await hosts.First.AsRoleAsync("viewer");

        await IsOverAsync(client, () => ActAsync(client, "sign_out"));
    }

    [Fact]
    public async Task Account_Disabled_IsOutOnBothHosts()
    {
        using var client = await hosts.First.AsRoleAsync("viewer");

        await IsOverAsync(client, () => ActAsync(client, "disable"));
    }

    [Fact]
    public async Task Key_Revoked_IsOverOnBothHosts()
    {
        var (client, id) = await KeyAsync();

        await IsOverAsync(client, async () =>
            Assert.Equal(HttpStatusCode.NoContent, (await hosts.First.Administrator.DeleteAsync(new Uri($"/api/api-keys/{id}", UriKind.Relative))).StatusCode));
    }

    [Fact]
    public async Task TelephonyToken_MadeOrWithdrawn_CountsSoOnBothHosts()
    {
        using var second = new HttpClient { BaseAddress = hosts.Second };
        // The second host remembers the tokens as they are before.
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync("none of them"));
        using var made = await hosts.First.Administrator.PostAsJsonAsync("/api/telephony/aircall/tokens", new { name = "two hosts" });
        var token = await made.JsonAsync(HttpStatusCode.Created);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(token.GetProperty("token").GetString()!));

        var address = new Uri($"/api/telephony/aircall/tokens/{token.GetProperty("id").GetGuid()}", UriKind.Relative);
        Assert.Equal(HttpStatusCode.NoContent, (await hosts.First.Administrator.DeleteAsync(address)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(token.GetProperty("token").GetString()!));

        async Task<HttpStatusCode> SendAsync(string text)
        {
            var said = new { resource = "call", @event = "call.created", timestamp = 1_796_000_000, token = text, data = new { id = 77_001 } };
            using var answer = await second.PostAsJsonAsync("/api/telephony/aircall", said);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Key_RotatedWithoutOverlap_IsOverOnBothHosts_AndTheNewOneIsTaken()
    {
        var (client, id) = await KeyAsync();
        var next = "";

        await IsOverAsync(client, async () =>
        {
            using var rotated = await hosts.First.Administrator.PostAsJsonAsync($"/api/api-keys/{id}/actions/rotate", new { overlapHours = 0 });
            next = (await rotated.JsonAsync()).GetProperty("key").GetString()!;
        });

        await using var again = new LiveClient(new Uri(hosts.Second, "/hubs/dispatch"), next);
        await again.Hub.StartAsync();
    }

    [Fact]
    public async Task Role_ThatLosesAPermission_LosesItOnBothHosts()
    {
        var role = $"r_{Guid.NewGuid():n}";
        using var made = await hosts.First.Administrator.PostAsJsonAsync("/api/roles", new { roleName = role, permissions = new { resources = new[] { "vehicles.read", "positions.read" } } });
        var id = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        using var client = await hosts.First.AsRoleAsync(role);
        await using var hub = await ConnectAsync(client);

        using var changed = await hosts.First.Administrator.MergePatchAsync($"/api/roles/{id}", "1", """{"permissions": {"resources": ["positions.read"]}}""");

        await changed.JsonAsync();
        await EachHostAsync(client, HttpStatusCode.Forbidden);
        await hub.Closed.Task.WaitAsync(Bound);
        await RefusedAsync(client);
    }

    /// <summary>The requirement's own bound.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    private async Task IsOverAsync(HttpClient client, Func<Task> end)
    {
        await EachHostAsync(client, HttpStatusCode.OK);
        await using var hub = await ConnectAsync(client);

        await end();

        await EachHostAsync(client, HttpStatusCode.Unauthorized);
        await hub.Closed.Task.WaitAsync(Bound);
        await RefusedAsync(client);
    }

    // At once: asked a single time.
    private async Task EachHostAsync(HttpClient client, HttpStatusCode expected)
    {
        foreach (var address in new[] { hosts.Second, hosts.First.Url })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/api/vehicles?limit=1"));
            using var answer = await client.SendAsync(request);
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    private async Task<LiveClient> ConnectAsync(HttpClient client)
    {
        var hub = Hub(client);
        await hub.Hub.StartAsync();
        await hub.WatchFleetAsync();
        return hub;
    }

    private async Task RefusedAsync(HttpClient client)
    {
        await using var again = Hub(client);
        await Assert.ThrowsAnyAsync<Exception>(() => again.Hub.StartAsync());
    }

    /// <summary>Connected to the host on which nothing is ended.</summary>
    private LiveClient Hub(HttpClient client) => client.DefaultRequestHeaders.Authorization is { Parameter: { } token }
        ? new(new Uri(hosts.Second, $"/hubs/dispatch?access_token={token}"))
        : new(new Uri(hosts.Second, "/hubs/dispatch"), client.DefaultRequestHeaders.GetValues("X-Api-Key").Single());

    private async Task ActAsync(HttpClient client, string action)
    {
        var account = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(client.DefaultRequestHeaders.Authorization!.Parameter).Subject;
        using var done = await hosts.First.Administrator.PostAsync($"/api/users/{account}/actions/{action}", null);
        await done.JsonAsync();
    }

    private async Task<(HttpClient Client, Guid Id)> KeyAsync()
    {
        using var made = await hosts.First.Administrator.PostAsJsonAsync("/api/api-keys", new { name = "short-lived", permissions = new[] { "vehicles.read" } });
        var body = await made.JsonAsync(HttpStatusCode.Created);
        var client = hosts.First.Anonymous();
        client.DefaultRequestHeaders.Add("X-Api-Key", body.GetProperty("key").GetString());
        return (client, body.GetProperty("id").GetGuid());
    }
}

/// <summary>A host of all, and one of the API beside it.</summary>
public sealed class TwoHosts : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("chargecars-host-").FullName;
    private ChargeCarsHost? _second;

    public RunningHost First { get; } = new();

    public Uri Second => new(_second!.App.Urls.Single());

    public async Task InitializeAsync()
    {
        await First.InitializeAsync();
        _second = await ChargeCarsHost.StartAsync(
        [
            "--urls=http://127.0.0.1:0",
            "--ChargeCars:Roles=api",
            $"--ConnectionStrings:ChargeCars={First.Database.ConnectionString}",
            $"--ChargeCars:DataDirectory={_data}",
            $"--ChargeCars:MasterKeyFile={First.MasterKeyFile}",
            "--Logging:LogLevel:Default=Warning",
        ]);
    }

    public async Task DisposeAsync()
    {
        await _second!.DisposeAsync();
        await First.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
