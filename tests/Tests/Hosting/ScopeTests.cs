using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Tests.Hosting;

/// <summary>Writes that name what is not in the route: a position's vehicle, a visit. What is foreign is answered as what nobody has.</summary>
[Collection(HostCollection.Name)]
public sealed class ScopeTests(RunningHost host)
{
    [Fact]
    public async Task Positions_OfAPartnersKey_AreForNoVehicle()
    {
        var (van, device, plate) = await TrackedAsync();
        using var key = await host.WithKeyAsync(new { name = "partner", permissions = new[] { "positions.write" }, partnerOrganizationId = await OrganizationAsync() });

        foreach (var (name, value, nobodys) in new[] { ("vehicleId", van.ToString(), Guid.NewGuid().ToString()), ("deviceId", device, "nobodys"), ("licensePlate", plate, "XX-00-XX") })
        {
            var (foreign, unknown) = (await SendAsync(key, name, value), await SendAsync(key, name, nobodys));

            Assert.Equal("unknown_vehicle", Reason(foreign));
            Assert.Equal(Text(unknown).Replace(Told(name, nobodys), "…", StringComparison.Ordinal), Text(foreign).Replace(Told(name, value), "…", StringComparison.Ordinal));
        }

        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM vehicle_position WHERE vehicle_id = '{van}'"));
    }

    [Fact]
    public async Task Positions_OfWhoSeesOwnVansOnly_AreForThese()
    {
        var ((own, _, _), (foreign, device, _)) = (await TrackedAsync(), await TrackedAsync());
        var role = $"r_{Guid.NewGuid():n}";
        await host.ExecuteAsync($$$"""
            INSERT INTO user_role (id, role_name, permissions)
            VALUES (gen_random_uuid(), '{{{role}}}', '{"resources": ["positions.write"], "data_filters": {"user_scope": "own"}}')
            """);
        using var phone = await host.AsRoleAsync(role, own);

        using var sent = await phone.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new object[]
            {
                Position("vehicleId", foreign.ToString()), Position("vehicleId", own.ToString()), Position("deviceId", device), Position("deviceId", "nobodys"),
            },
        });
        var answer = await sent.JsonAsync();

        Assert.Equal(1, answer.GetProperty("stored").GetInt32());
        Assert.Equal([0, 2, 3], answer.GetProperty("rejected").EnumerateArray().Select(one => one.GetProperty("index").GetInt32()));
        Assert.All(answer.GetProperty("rejected").EnumerateArray(), one => Assert.Equal("unknown_vehicle", one.GetProperty("reason").GetString()));
        Assert.Equal(0L, await host.ScalarAsync<long>($"SELECT count(*) FROM vehicle_position WHERE vehicle_id = '{foreign}'"));
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM vehicle_position WHERE vehicle_id = '{own}'"));
    }

    [Fact]
    public async Task Tracker_WithAKeyOfItsOwnVan_SendsForThatAlone()
    {
        var (own, foreign) = (await TrackedAsync(), await TrackedAsync());
        using var made = await host.Administrator.PostAsJsonAsync("/api/api-keys", new { name = "tracker", permissions = new[] { "positions.write" }, vehicleIds = new[] { own.Id } });
        var body = await made.JsonAsync(HttpStatusCode.Created);
        using var tracker = host.Anonymous();
        string Report(string device) => $"/api/telemetry/osmand/{body.GetProperty("key").GetString()}?id={device}&lat=52.1&lon=5.1";

        Assert.Equal(own.Id, body.GetProperty("vehicleIds")[0].GetGuid());
        Assert.Equal(1, (await tracker.ReadAsync(Report(own.Device))).GetProperty("stored").GetInt32());
        await (await tracker.GetAsync(Report(foreign.Device))).ProblemAsync(HttpStatusCode.BadRequest);
        foreach (var (vehicles, fault) in new[] { (Array.Empty<Guid>(), "vehicleIds"), ([Guid.NewGuid()], "vehicleIds") })
        {
            Assert.Equal([fault], await (await host.Administrator.PostAsJsonAsync(
                "/api/api-keys", new { name = "none", permissions = new[] { "positions.write" }, vehicleIds = vehicles })).FaultyFieldsAsync());
        }
    }

    [Fact]
    public async Task Tracker_WithAPartnersKeyInItsAddress_IsToldOfNoVehicle()
    {
        var (_, device, _) = await TrackedAsync();
        using var made = await host.Administrator.PostAsJsonAsync("/api/api-keys",
            new { name = "partner", permissions = new[] { "positions.write" }, partnerOrganizationId = await OrganizationAsync() });
        var key = (await made.JsonAsync(HttpStatusCode.Created)).GetProperty("key").GetString();
        using var tracker = host.Anonymous();

        var foreign = await (await tracker.GetAsync($"/api/telemetry/osmand/{key}?id={device}&lat=52.1&lon=5.1")).FaultyFieldsAsync();
        var unknown = await (await tracker.GetAsync($"/api/telemetry/osmand/{key}?id=nobodys&lat=52.1&lon=5.1")).FaultyFieldsAsync();

        Assert.Equal(unknown, foreign);
    }

    [Fact]
    public async Task Arrival_AtAForeignVisit_IsAnsweredAsAtNone()
    {
        var (own, foreign) = (await TrackedAsync(), await TrackedAsync());
        var (mine, theirs) = (await VisitAsync("laderthuis", own.Id), await VisitAsync("laderthuis", foreign.Id));
        var role = $"r_{Guid.NewGuid():n}";
        await host.ExecuteAsync($$$"""
            INSERT INTO user_role (id, role_name, permissions)
            VALUES (gen_random_uuid(), '{{{role}}}', '{"resources": ["vehicles.read", "vehicles.act"], "data_filters": {"user_scope": "own"}}')
            """);
        using var technician = await host.AsRoleAsync(role, own.Id);
        using var limited = await host.WithKeyAsync(new { name = "entity", permissions = new[] { "vehicles.read", "vehicles.act" }, businessEntities = new[] { "zaptecshop" } });

        foreach (var client in new[] { technician, limited })
        {
            foreach (var visit in new[] { theirs, Guid.NewGuid() })
            {
                using var refused = await client.PostAsJsonAsync($"/api/vehicles/{own.Id}/actions/arrive", new { visitId = visit });
                var problem = await refused.ProblemAsync(HttpStatusCode.BadRequest);
                Assert.Equal($"there is no visit {visit}", problem.GetProperty("errors").GetProperty("visitId")[0].GetString());
            }
        }

        var cancelled = await VisitAsync("laderthuis", own.Id);
        await host.ExecuteAsync($"UPDATE visit SET status = 'cancelled' WHERE id = '{cancelled}'");
        using var over = await technician.PostAsJsonAsync($"/api/vehicles/{own.Id}/actions/arrive", new { visitId = cancelled });
        Assert.Contains("is cancelled", (await over.ProblemAsync(HttpStatusCode.BadRequest)).GetProperty("errors").GetProperty("visitId")[0].GetString(), StringComparison.Ordinal);

        using var arrived = await technician.PostAsJsonAsync($"/api/vehicles/{own.Id}/actions/arrive", new { visitId = mine });
        Assert.Equal(mine, (await arrived.JsonAsync()).GetProperty("currentVisitId").GetGuid());
    }

    [Fact]
    public async Task Geofence_AtAForeignVisit_IsAnsweredAsAtNone()
    {
        var visit = await VisitAsync("laderthuis", null);
        using var limited = await host.WithKeyAsync(new { name = "entity", permissions = new[] { "geofences.read", "geofences.write" }, businessEntities = new[] { "zaptecshop" } });
        object Fence(Guid? at) => new { name = "A door", businessEntity = "zaptecshop", shape = "circle", latitude = 52.1, longitude = 5.1, radiusMeters = 80, visitId = at };

        foreach (var id in new[] { visit, Guid.NewGuid() })
        {
            Assert.Equal(["visitId"], await (await limited.PostAsJsonAsync("/api/geofences", Fence(id))).FaultyFieldsAsync());
        }

        using var made = await limited.PostAsJsonAsync("/api/geofences", Fence(null));
        var path = $"/api/geofences/{(await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()}";
        Assert.Equal(["visitId"], await (await limited.MergePatchAsync(path, "1", JsonSerializer.Serialize(new { visitId = visit }))).FaultyFieldsAsync());
    }

    private async Task<(Guid Id, string Device, string Plate)> TrackedAsync()
    {
        var (device, plate) = ($"d{Guid.NewGuid():n}", $"S-{Guid.NewGuid().ToString("N")[..8]}");
        var id = await host.CreateVehicleAsync(new { licensePlate = plate, vehicleType = "van", deviceId = device });
        return (id, device, plate);
    }

    private async Task<Guid> OrganizationAsync()
    {
        var id = Guid.CreateVersion7();
        await host.ExecuteAsync($"INSERT INTO organization (id, name) VALUES ('{id}', 'A partner')");
        return id;
    }

    private async Task<Guid> VisitAsync(string entity, Guid? vehicle)
    {
        var id = Guid.CreateVersion7();
        await host.ExecuteAsync($"""
            INSERT INTO "order" (id, order_number, business_entity) VALUES ('{id}', '{id}', '{entity}');
            INSERT INTO visit (id, business_entity, order_id, visit_type, vehicle_id)
            VALUES ('{id}', '{entity}', '{id}', 'install', {(vehicle is null ? "NULL" : $"'{vehicle}'")});
            """);
        return id;
    }

    private static Dictionary<string, object> Position(string name, string value) => new()
    {
        [name] = value,
        ["fixTime"] = DateTimeOffset.UtcNow,
        ["latitude"] = 52.1,
        ["longitude"] = 5.1,
    };

    private static async Task<JsonElement> SendAsync(HttpClient client, string name, string value)
    {
        using var sent = await client.PostAsJsonAsync("/api/telemetry/positions", new { positions = new[] { Position(name, value) } });
        return await sent.JsonAsync();
    }

    private static string? Reason(JsonElement answer) => answer.GetProperty("rejected")[0].GetProperty("reason").GetString();

    private static string Text(JsonElement answer) => answer.GetRawText();

    // As the answer names it: a plate without its dashes.
    private static string Told(string name, string value) =>
        name == "licensePlate" ? string.Concat(value.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant() : value;
}
