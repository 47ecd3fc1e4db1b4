using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Live;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Hosting;

/// <summary>
/// Every route and hub topic × every seeded role × own and foreign object, out of the running host's own list: what each
/// answers is what its statement and the role's row say. Nothing is named here, so a new route is in it by itself.
/// </summary>
[Collection(HostCollection.Name)]
public sealed class AccessMatrixTests(RunningHost host)
{
    private static readonly string[] Roles = ["admin", "manager", "planner", "technician", "partner", "viewer"];

    [Fact]
    public async Task Routes_OfEveryRole_AnswerAsDeclared()
    {
        var people = new List<(string Role, HttpClient Client, HashSet<string> Permissions)>();
        foreach (var role in Roles)
        {
            var client = await host.AsRoleAsync(role);
            people.Add((role, client, await PermissionsOfAsync(role)));
        }

        using var anonymous = host.Anonymous();
        var (faults, asked) = (new List<string>(), 0);
        foreach (var route in Routes())
        {
            var nobody = await StatusAsync(anonymous, route);
            Expect(route.Open ? nobody is not 403 : nobody == 401, $"{route} anonymous: {nobody}");
            foreach (var (role, client, permissions) in people)
            {
                asked++;
                var status = await StatusAsync(client, route);
                if (route.KeyInPath)
                {
                    // A person's token beside a key in the path: two credentials are one too many.
                    Expect(status == 401, $"{route} {role}: {status}");
                    continue;
                }

                var allowed = route.Open || route.Permissions.All(permissions.Contains);
                Expect(allowed ? status is not 401 : status == 403, $"{route} {role}: {status}, which has {(allowed ? "what it asks" : "not " + string.Join(' ', route.Permissions))}");
                // The dashboard's own routes take any silo's name and stumble over one that is none; who may call them is ours.
                Expect(status < 500 || route.Path.StartsWith("/dashboard/", StringComparison.Ordinal), $"{route} {role}: {status}");
            }

            void Expect(bool good, string fault)
            {
                if (!good)
                {
                    faults.Add(fault);
                }
            }
        }

        people.ForEach(person => person.Client.Dispose());
        Assert.Empty(faults);
        Assert.True(asked > 100, $"only {asked} were asked");
    }

    [Fact]
    public async Task Topics_OfEveryRole_OpenAsDeclared()
    {
        foreach (var role in Roles)
        {
            var permissions = await PermissionsOfAsync(role);
            using var client = await host.AsRoleAsync(role);
            await using var hub = Hub(client.DefaultRequestHeaders.Authorization!.Parameter!);
            if (!permissions.Contains(Permissions.VehiclesRead))
            {
                await Assert.ThrowsAnyAsync<Exception>(() => hub.StartAsync());
                continue;
            }

            await hub.StartAsync();
            foreach (var topic in Topics.ByName.Values)
            {
                var refused = await Record.ExceptionAsync(() => hub.InvokeAsync<JsonElement>("Watch", new { topics = new[] { topic.Name } }));
                Assert.True(permissions.Contains(topic.Permission) == refused is null, $"{role} {topic.Name}: {refused?.Message}");
                Assert.True(refused is null or HubException);
            }
        }
    }

    [Fact]
    public async Task Technician_SeesTheOwnVanAndNoOther_InListReadActionPositionsAndHub()
    {
        var (own, foreign) = (await VehicleAsync(), await VehicleAsync());
        using var client = await host.AsRoleAsync("technician", own);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/vehicles/{own}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/vehicles/{own}/actions")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"/api/vehicles/{own}/positions")).StatusCode);
        foreach (var path in new[] { "", "/actions", "/positions" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"/api/vehicles/{foreign}{path}")).StatusCode);
        }

        var list = JsonDocument.Parse(await client.GetStringAsync("/api/vehicles?limit=500")).RootElement.GetProperty("items");
        Assert.Equal(own, Assert.Single(list.EnumerateArray()).GetProperty("id").GetGuid());
        await using var hub = Hub(client.DefaultRequestHeaders.Authorization!.Parameter!);
        await hub.StartAsync();
        foreach (var watch in new object[] { new { topics = new[] { "fleet" } }, new { topics = new[] { "fleet" }, vehicleIds = new[] { own, foreign } } })
        {
            var answer = await hub.InvokeAsync<JsonElement>("Watch", watch);
            Assert.Equal(own, Assert.Single(answer.GetProperty("vehicles").EnumerateArray()).GetProperty("id").GetGuid());
        }
    }

    [Fact]
    public async Task Revocation_ClosesTheOpenConnection_AndNothingOfTheSessionCounts()
    {
        using var client = await host.AsRoleAsync("viewer");
        var token = client.DefaultRequestHeaders.Authorization!.Parameter!;
        await using var hub = Hub(token);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync();
        await hub.InvokeAsync<JsonElement>("Watch", new { topics = new[] { "fleet" } });

        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync("/api/auth/logout", null)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/auth/me")).StatusCode);
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(5)); // the requirement's own bound
        await using var again = Hub(token);
        await Assert.ThrowsAnyAsync<Exception>(() => again.StartAsync());
    }

    [Fact]
    public async Task Role_ThatIsChanged_ClosesTheConnectionsOfItsPeople()
    {
        using var client = await host.AsRoleAsync("viewer");
        await using var hub = Hub(client.DefaultRequestHeaders.Authorization!.Parameter!);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync();
        var viewer = await host.ScalarAsync<Guid>("SELECT id FROM user_role WHERE role_name = 'viewer'");
        using var patch = new HttpRequestMessage(HttpMethod.Patch, $"/api/roles/{viewer}")
        {
            Content = new StringContent("""{"permissions": {"resources": ["vehicles.read", "orders.read", "visits.read", "status.read", "notifications.read", "positions.read"]}}""", Encoding.UTF8, "application/json"),
        };
        patch.Headers.TryAddWithoutValidation("If-Match", $"\"{await host.ScalarAsync<long>("SELECT version FROM user_role WHERE role_name = 'viewer'")}\"");

        Assert.Equal(HttpStatusCode.OK, (await host.Administrator.SendAsync(patch)).StatusCode);

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(5));
    }

    private HubConnection Hub(string token) => new HubConnectionBuilder()
        .WithUrl(new Uri(host.Url, $"/hubs/dispatch?access_token={token}"), options =>
        {
            options.SkipNegotiation = true;
            options.Transports = Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets;
        }).Build();

    private IEnumerable<Route> Routes() =>
        from endpoint in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        where endpoint.RoutePattern.RawText != "/api/auth/logout" && !endpoint.RoutePattern.RawText!.StartsWith("/api/auth/sessions", StringComparison.Ordinal)
        select new Route(method, PathOf(endpoint.RoutePattern.RawText!), endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null,
            endpoint.Metadata.GetMetadata<KeyInPath>() is not null,
            [.. endpoint.Metadata.GetOrderedMetadata<RequiredPermission>().Select(required => required.Name)]);

    // A route's values, so that it is found and nothing else is: ids that nobody has.
    private static string PathOf(string pattern) => System.Text.RegularExpressions.Regex.Replace(pattern, @"\{(\*{0,2})(\w+)(:\w+)?[^}]*\}", match =>
        match.Groups[2].Value switch
        {
            "businessEntity" => "chargecars",
            "numberType" => "order",
            "year" => "2026",
            _ when match.Groups[3].Value == ":int" => "1",
            _ when match.Groups[3].Value == ":guid" => Guid.CreateVersion7().ToString(),
            _ => "x",
        });

    private static async Task<int> StatusAsync(HttpClient client, Route route)
    {
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Path);
        if (route.Method is not ("GET" or "DELETE" or "HEAD"))
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }

    // The row itself, read without the program's own reading of it.
    private async Task<HashSet<string>> PermissionsOfAsync(string role)
    {
        var resources = JsonDocument.Parse(await host.ScalarAsync<string>($"SELECT (permissions -> 'resources')::text FROM user_role WHERE role_name = '{role}'"))
            .RootElement.EnumerateArray().Select(item => item.GetString()!).ToHashSet();
        return resources.Contains("*") ? [.. Permissions.All] : resources;
    }

    private async Task<Guid> VehicleAsync()
    {
        using var answer = await host.Administrator.PostAsync("/api/vehicles",
            new StringContent(JsonSerializer.Serialize(new { licensePlate = Guid.NewGuid().ToString("N")[..10], vehicleType = "van" }), Encoding.UTF8, "application/json"));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid();
    }

    private sealed record Route(string Method, string Path, bool Open, bool KeyInPath, string[] Permissions)
    {
        public override string ToString() => $"{Method} {Path}";
    }
}
