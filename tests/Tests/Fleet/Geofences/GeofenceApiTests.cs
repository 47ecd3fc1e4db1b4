using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Fleet.Geofences;

[Collection(HostCollection.Name)]
public sealed class GeofenceApiTests(RunningHost host)
{
    private const string Path = "/api/geofences";

    [Fact]
    public async Task Circle_MadeChangedAndDeleted_AnswersInTheManner()
    {
        using var created = await host.Administrator.PostAsJsonAsync(Path, Circle());
        var made = await created.JsonAsync(HttpStatusCode.Created);
        var path = $"{Path}/{made.GetProperty("id").GetGuid()}";

        Assert.Equal("\"1\"", created.Headers.ETag!.Tag);
        Assert.Equal(path, created.Headers.Location!.ToString());
        Assert.Equal(made.ToString(), (await host.Administrator.ReadAsync(path)).ToString());
        Assert.Equal((50, 60, true), (made.GetProperty("exitMarginMeters").GetDouble(), made.GetProperty("dwellSeconds").GetInt32(), made.GetProperty("isActive").GetBoolean()));

        await (await host.Administrator.MergePatchAsync(path, null, "{}")).ProblemAsync((HttpStatusCode)428);
        using var patched = await host.Administrator.MergePatchAsync(path, "1", """{"radiusMeters":250,"isActive":false}""");
        Assert.Equal(250, (await patched.JsonAsync()).GetProperty("radiusMeters").GetDouble());
        await (await host.Administrator.MergePatchAsync(path, "1", """{"radiusMeters":300}""")).ProblemAsync(HttpStatusCode.PreconditionFailed);

        Assert.Equal(HttpStatusCode.NoContent, (await host.Administrator.DeleteAsync(path, "2")).StatusCode);
        await (await host.Administrator.GetAsync(path)).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(
            "CREATE,DELETE,UPDATE|geofence.created,geofence.deleted,geofence.updated",
            await host.Database.ScalarAsync("""
                SELECT (SELECT string_agg(action, ',' ORDER BY action) FROM audit_log WHERE record_id = $1) || '|'
                    || (SELECT string_agg(type, ',' ORDER BY type) FROM change_event WHERE entity_id = $1)
                """, made.GetProperty("id").GetGuid()));
    }

    /// <summary>A geofence watches every vehicle, so it is not for who sees only some to change.</summary>
    [Fact]
    public async Task Key_LimitedToAVehicle_SeesGeofencesAndChangesNone()
    {
        using var created = await host.Administrator.PostAsJsonAsync(Path, Circle());
        var path = $"{Path}/{(await created.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()}";
        using var key = await host.WithKeyAsync(new
        {
            name = "of a van", permissions = new[] { "geofences.read", "geofences.write" }, vehicleIds = new[] { await host.CreateVehicleAsync() },
        });

        await (await key.PostAsJsonAsync(Path, Circle())).ProblemAsync(HttpStatusCode.Forbidden);
        await (await key.MergePatchAsync(path, "1", "{\"isActive\":false}")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await key.DeleteAsync(path, "1")).ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal(1, (await key.ReadAsync(path)).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Polygon_SentClosed_IsKeptOpenAndBecomesACircleByPatch()
    {
        using var created = await host.Administrator.PostAsJsonAsync(Path, new
        {
            name = "Depot",
            shape = "polygon",
            polygon = new[] { Corner(52.1, 5.1), Corner(52.1, 5.11), Corner(52.11, 5.11), Corner(52.1, 5.1) },
        });
        var made = await created.JsonAsync(HttpStatusCode.Created);
        var path = $"{Path}/{made.GetProperty("id").GetGuid()}";

        Assert.Equal(3, made.GetProperty("polygon").GetArrayLength());
        using var same = await host.Administrator.MergePatchAsync(path, "1", """{"name":"Depot"}""");
        Assert.Equal(1, (await same.JsonAsync()).GetProperty("version").GetInt64());
        Assert.Equal(["latitude", "longitude", "polygon", "radiusMeters"], await (await host.Administrator.MergePatchAsync(path, "1", """{"shape":"circle"}""")).FaultyFieldsAsync());
        using var patched = await host.Administrator.MergePatchAsync(
            path, "1", """{"shape":"circle","polygon":null,"latitude":52.1,"longitude":5.1,"radiusMeters":80}""");
        Assert.Equal(JsonValueKind.Null, (await patched.JsonAsync()).GetProperty("polygon").ValueKind);
    }

    [Fact]
    public async Task Create_WithAnIdempotencyKeyAgain_GivesTheSameAnswer()
    {
        var key = Guid.NewGuid().ToString();
        using var first = await SendAsync();
        using var again = await SendAsync();

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());

        Task<HttpResponseMessage> SendAsync()
        {
            var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = JsonContent.Create(Circle()) };
            request.Headers.Add("Idempotency-Key", key);
            return host.Administrator.SendAsync(request);
        }
    }

    [Theory]
    [InlineData("""{"name":"x","shape":"circle","latitude":52,"longitude":5,"radiusMeters":0}""", "radiusMeters")]
    [InlineData("""{"name":"x","shape":"circle","latitude":95,"longitude":5,"radiusMeters":50}""", "latitude")]
    [InlineData("""{"name":"x","shape":"square"}""", "shape")]
    [InlineData("""{"name":"x","shape":"circle","latitude":52,"longitude":5,"radiusMeters":50,"color":"red"}""", "color")]
    [InlineData("""{"name":"x","shape":"circle","latitude":52,"longitude":5,"radiusMeters":50,"addressId":"0190aaaa-0000-7000-8000-000000000001"}""", "addressId")]
    [InlineData("""{"name":"x","shape":"circle","latitude":52,"longitude":5,"radiusMeters":50,"visitId":"0190aaaa-0000-7000-8000-000000000001"}""", "visitId")]
    [InlineData("""{"name":"x","shape":"polygon","polygon":[{"latitude":52,"longitude":5},{"latitude":52,"longitude":5.1}]}""", "polygon")]
    [InlineData("""{"name":"x","shape":"polygon","polygon":[{"latitude":52},{"latitude":52,"longitude":5.1}]}""", "polygon[0]")]
    [InlineData("""{"name":"x","shape":"polygon","polygon":[{"latitude":52,"longitude":5},{"latitude":52.01,"longitude":5.01},{"latitude":52,"longitude":5.01},{"latitude":52.01,"longitude":5}]}""", "polygon")]
    [InlineData("""{"name":"x","shape":"polygon","polygon":[{"latitude":52,"longitude":5},{"latitude":152,"longitude":5.01},{"latitude":52,"longitude":5.02}]}""", "polygon[1]")]
    public async Task Create_BadInput_NamesTheFieldAndStoresNothing(string body, string field)
    {
        var before = await host.Database.ScalarAsync("SELECT count(*) FROM geofence WHERE name = 'x' AND $1 IS NOT NULL", Guid.Empty);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await host.Administrator.PostAsync(Path, content);

        Assert.Equal([field], await answer.FaultyFieldsAsync());
        Assert.Equal(before, await host.Database.ScalarAsync("SELECT count(*) FROM geofence WHERE name = 'x' AND $1 IS NOT NULL", Guid.Empty));
    }

    [Fact]
    public async Task Scope_OfALimitedCaller_ShowsItsOwnAndTheSharedAndChangesItsOwn()
    {
        var own = await CreateAsync(Circle("chargecars"));
        var shared = await CreateAsync(Circle());
        var foreign = await CreateAsync(Circle("ratioshop"));
        using var limited = await host.WithKeyAsync(new { name = "test", permissions = new[] { "geofences.read", "geofences.write" }, businessEntities = new[] { "chargecars" } });

        await (await limited.GetAsync($"{Path}/{foreign}")).ProblemAsync(HttpStatusCode.NotFound);
        await (await limited.DeleteAsync($"{Path}/{foreign}", "1")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(["businessEntity"], await (await limited.DeleteAsync($"{Path}/{shared}", "1")).FaultyFieldsAsync());
        Assert.Equal(["businessEntity"], await (await limited.PostAsJsonAsync(Path, Circle("ratioshop"))).FaultyFieldsAsync());
        Assert.Equal(["businessEntity"], await (await limited.MergePatchAsync($"{Path}/{own}", "1", """{"businessEntity":"ratioshop"}""")).FaultyFieldsAsync());
        Assert.Equal(shared, (await limited.ReadAsync($"{Path}/{shared}")).GetProperty("id").GetGuid());
        var listed = await ListedAsync(limited);
        Assert.Superset(new HashSet<Guid> { own, shared }, listed);
        Assert.DoesNotContain(foreign, listed);
        Assert.Contains(foreign, await ListedAsync(host.Administrator));
    }

    private static async Task<HashSet<Guid>> ListedAsync(HttpClient client)
    {
        var (seen, next) = (new HashSet<Guid>(), (string?)null);
        do
        {
            var page = await client.ReadAsync($"{Path}?limit=3&sort=-createdAt{(next is null ? "" : $"&cursor={next}")}");
            seen.UnionWith(page.GetProperty("items").EnumerateArray().Select(fence => fence.GetProperty("id").GetGuid()));
            next = page.GetProperty("nextCursor").GetString();
        }
        while (next is not null);
        return seen;
    }

    private static object Circle(string? businessEntity = null) =>
        new { name = "Yard", shape = "circle", latitude = 51.5, longitude = 4.4, radiusMeters = 100, businessEntity };

    private static object Corner(double latitude, double longitude) => new { latitude, longitude };

    private async Task<Guid> CreateAsync(object fence)
    {
        using var created = await host.Administrator.PostAsJsonAsync(Path, fence);
        return (await created.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }
}
