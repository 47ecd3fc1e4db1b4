using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ChargeCars.Fleet.Vehicles.Positions.Refusals;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Hosting;

[Collection(HostCollection.Name)]
public sealed class VehicleApiTests(RunningHost host)
{
    [Fact]
    public async Task Create_ThenRead_AnswersEveryFieldAsSent()
    {
        var plate = Plate();
        using var created = await host.Administrator.PostAsJsonAsync("/api/vehicles", new
        {
            licensePlate = plate,
            vehicleType = "van",
            vehicleName = "Bus 7",
            brandModel = "VW e-Crafter",
            year = 2024,
            deviceId = $"device-{plate}",
            uluVehicleId = $"ulu-{plate}",
            mileageKm = 120,
            insuranceExpiry = "2027-01-31",
            equipmentList = new { equipment = new[] { new { name = "drill", category = "tools", quantity = 2, condition = "needs_replacement", lastChecked = "2026-11-01" } } },
        });

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("\"1\"", created.Headers.ETag!.Tag);
        var made = await created.Content.ReadAsStringAsync();
        var read = await host.Administrator.GetStringAsync(created.Headers.Location);
        Assert.Equal(made, read);
        var vehicle = JsonDocument.Parse(read).RootElement;
        Assert.Equal("needs_replacement", vehicle.GetProperty("equipmentList").GetProperty("equipment")[0].GetProperty("condition").GetString());
        Assert.Equal("unknown", vehicle.GetProperty("freshness").GetString());
        Assert.EndsWith("Z", vehicle.GetProperty("createdAt").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LastRefusal_OfATrackerWhoseClockIsAhead_IsWithItsVehicle()
    {
        var id = await host.CreateVehicleAsync();
        using var sent = await host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { 180, 200 }.Select(seconds => new { vehicleId = id, fixTime = DateTime.UtcNow.AddSeconds(seconds), latitude = 52.1, longitude = 5.1 }),
        });
        sent.EnsureSuccessStatusCode();
        await host.Services.GetRequiredService<RefusalWriter>().FlushAsync(CancellationToken.None);

        var vehicle = await host.Administrator.ReadAsync($"/api/vehicles/{id}");
        var refusal = vehicle.GetProperty("lastRefusal");
        Assert.Equal(("future", 2), (refusal.GetProperty("reason").GetString(), refusal.GetProperty("count").GetInt32()));
        Assert.InRange(refusal.GetProperty("offBySeconds").GetDouble(), 190, 200);
        var listed = (await host.Administrator.ReadAsync($"/api/vehicles?licensePlate={vehicle.GetProperty("licensePlate").GetString()}")).GetProperty("items")[0];
        Assert.Equal(refusal.GetProperty("since").GetString(), listed.GetProperty("lastRefusal").GetProperty("since").GetString());
        using var reader = await host.WithKeyAsync("vehicles.read");
        Assert.Equal(JsonValueKind.Null, (await reader.ReadAsync($"/api/vehicles/{id}")).GetProperty("lastRefusal").ValueKind);
    }

    [Fact]
    public async Task DeviceId_WithBlanksAroundIt_IsTheOneThatTrackersSend()
    {
        var plate = Plate();
        using var created = await host.Administrator.PostAsJsonAsync(
            "/api/vehicles", new { licensePlate = plate, vehicleType = "van", deviceId = $" device-{plate}\t", uluVehicleId = $"ulu-{plate} " });
        var vehicle = await created.JsonAsync(HttpStatusCode.Created);
        using var sent = await host.Administrator.PostAsJsonAsync("/api/telemetry/positions", new
        {
            positions = new[] { new { deviceId = $"  device-{plate} ", fixTime = DateTime.UtcNow.AddMinutes(-1), latitude = 52.1, longitude = 5.1 } },
        });

        Assert.Equal(($"device-{plate}", $"ulu-{plate}"), (vehicle.GetProperty("deviceId").GetString(), vehicle.GetProperty("uluVehicleId").GetString()));
        Assert.Equal(1, (await sent.JsonAsync(HttpStatusCode.OK)).GetProperty("stored").GetInt32());
        using var blank = await host.Administrator.PostAsJsonAsync("/api/vehicles", new { licensePlate = Plate(), vehicleType = "van", deviceId = "  " });
        await blank.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Command_Committed_LeavesRowTransitionAuditAndChangeThatAgree()
    {
        var id = await CreateAsync();
        using var drive = await host.Administrator.PostAsJsonAsync($"/api/vehicles/{id}/actions/drive", new { reason = "to the depot" });
        drive.EnsureSuccessStatusCode();

        Assert.Equal(
            "driving/2|parked→driving:to the depot|driving|STATUS_CHANGE:{\"operational_status\": \"parked\"}→{\"operational_status\": \"driving\"}|vehicle.status_changed",
            await ScalarAsync("""
                SELECT v.operational_status || '/' || v.version || '|' || t.from_status || '→' || t.to_status || ':' || t.transition_reason
                    || '|' || s.current_status || '|' || a.action || ':' || a.old_values || '→' || a.new_values || '|' || c.type
                FROM vehicle v
                JOIN entity_current_status s ON s.entity_id = v.id
                JOIN status_transition t ON t.id = s.last_transition_id
                JOIN audit_log a ON a.record_id = v.id AND a.action = 'STATUS_CHANGE'
                JOIN change_event c ON c.entity_id = v.id AND c.type = 'vehicle.status_changed'
                WHERE v.id = $1
                """, id));
    }

    [Fact]
    public async Task Action_Refused_SaysFromToAllowed()
    {
        var id = await CreateAsync();

        using var answer = await host.Administrator.PostAsync($"/api/vehicles/{id}/actions/release", null);

        var problem = await ProblemAsync(answer, HttpStatusCode.Conflict);
        Assert.Equal("parked", problem.GetProperty("from").GetString());
        Assert.Equal("parked", problem.GetProperty("to").GetString());
        Assert.Equal(["drive", "arrive", "maintain"], problem.GetProperty("allowed").EnumerateArray().Select(action => action.GetString()));
    }

    [Fact]
    public async Task Patch_ByVersion_IsRequiredCheckedAndMerged()
    {
        var id = await CreateAsync();

        await ProblemAsync(await PatchAsync(id, null, """{"vehicleName":"x"}"""), (HttpStatusCode)428);
        using var patched = await PatchAsync(id, "\"1\"", """{"vehicleName":"x","year":2020}""");
        await ProblemAsync(await PatchAsync(id, "\"1\"", """{"vehicleName":"y"}"""), HttpStatusCode.PreconditionFailed);
        using var removed = await PatchAsync(id, "\"2\"", """{"year":null}""");

        Assert.Equal("\"2\"", patched.Headers.ETag!.Tag);
        var vehicle = await removed.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("x", vehicle.GetProperty("vehicleName").GetString());
        Assert.Equal(JsonValueKind.Null, vehicle.GetProperty("year").ValueKind);
    }

    [Theory]
    [InlineData("""{"licensePlate":"1-A","vehicleType":"tank"}""", "vehicleType")]
    [InlineData("""{"licensePlate":5,"vehicleType":"van"}""", "licensePlate")]
    [InlineData("""{"licensePlate":"1-A","vehicleType":"van","colour":"red"}""", "colour")]
    [InlineData("""{"licensePlate":"1-A","vehicleType":"van","currentLocation":null}""", "currentLocation")]
    [InlineData("""{"licensePlate":"1-A","vehicleType":"van","equipmentList":{"equipment":[{"name":"x"}]}}""", "equipmentList.equipment[0].category")]
    [InlineData("""{"licensePlate":"1-A","vehicleType":"van","insuranceExpiry":"tomorrow"}""", "insuranceExpiry")]
    [InlineData("""{"vehicleType":"van"}""", "licensePlate")]
    [InlineData("""{"licensePlate":"1-A" """, "body")]
    [InlineData("null", null)]
    public async Task Create_BadInput_NamesTheFieldAndStoresNothing(string body, string? field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await host.Administrator.PostAsync("/api/vehicles", content);

        var problem = await ProblemAsync(answer, HttpStatusCode.BadRequest);
        if (field is not null)
        {
            Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
        }

        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM vehicle WHERE license_plate = '1-A' OR id = $1", Guid.Empty));
    }

    [Fact]
    public async Task Create_SamePlateInOtherWriting_IsAConflict()
    {
        var plate = Plate();
        using var first = await host.Administrator.PostAsJsonAsync("/api/vehicles", new { licensePlate = plate, vehicleType = "van" });
        using var second = await host.Administrator.PostAsJsonAsync(
            "/api/vehicles", new { licensePlate = plate.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant(), vehicleType = "van" });

        Assert.True((await ProblemAsync(second, HttpStatusCode.Conflict)).GetProperty("errors").TryGetProperty("licensePlate", out _));
    }

    [Fact]
    public async Task IdempotencyKey_Repeated_GivesTheSameAnswerAndOneEffect()
    {
        var (key, plate) = (Guid.NewGuid().ToString(), Plate());
        using var first = await CreateWithKeyAsync(key, plate);
        using var again = await CreateWithKeyAsync(key, plate);
        using var other = await CreateWithKeyAsync(key, Plate());

        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        await ProblemAsync(other, HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task IdempotencyKey_AnswerLostInACrash_IsGivenAgainByTheEntity()
    {
        var (key, id) = (Guid.NewGuid().ToString(), await CreateAsync());
        using var first = await ActAsync(id, "drive", key);
        (await ActAsync(id, "park", null)).EnsureSuccessStatusCode();
        // What a host leaves that died between the commit and the reply: the effect, but no kept answer.
        await ScalarAsync("DELETE FROM idempotency_key WHERE $1 <> '00000000-0000-0000-0000-000000000000'::uuid", id);

        using var again = await ActAsync(id, "drive", key);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal("parked", await ScalarAsync("SELECT operational_status FROM vehicle WHERE id = $1", id));
    }

    [Fact]
    public async Task Delete_ThenRead_IsNotFoundAndKeptInTheAudit()
    {
        var id = await CreateAsync();
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/vehicles/{id}") { Headers = { IfMatch = { new EntityTagHeaderValue("\"1\"") } } };
        using var deleted = await host.Administrator.SendAsync(request);
        using var read = await host.Administrator.GetAsync($"/api/vehicles/{id}");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await ProblemAsync(read, HttpStatusCode.NotFound);
        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM audit_log WHERE record_id = $1 AND action = 'DELETE' AND old_values ? 'license_plate'", id));
    }

    [Fact]
    public async Task List_ByPages_GivesEachVehicleOnce()
    {
        var made = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            made.Add(await CreateAsync());
        }

        var (seen, next) = (new List<Guid>(), (string?)null);
        do
        {
            var page = await host.Administrator.GetFromJsonAsync<JsonElement>($"/api/vehicles?limit=2&sort=-createdAt{(next is null ? "" : $"&cursor={next}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(vehicle => vehicle.GetProperty("id").GetGuid()));
            next = page.GetProperty("nextCursor").GetString();
        }
        while (next is not null);

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Subset(seen.ToHashSet(), made.ToHashSet());
    }

    [Theory]
    [InlineData("limit=501", "limit")]
    [InlineData("sort=colour", "sort")]
    [InlineData("colour=red", "colour")]
    [InlineData("isActive=maybe", "isActive")]
    [InlineData("cursor=%00", "cursor")]
    public async Task List_BadQuery_NamesTheParameter(string query, string field)
    {
        using var answer = await host.Administrator.GetAsync($"/api/vehicles?{query}");

        Assert.True((await ProblemAsync(answer, HttpStatusCode.BadRequest)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Theory]
    [InlineData("GET", "/api/vehicles", "vehicles.read")]
    [InlineData("POST", "/api/vehicles", "vehicles.write")]
    [InlineData("GET", "/api/vehicles/{id}", "vehicles.read")]
    [InlineData("PATCH", "/api/vehicles/{id}", "vehicles.write")]
    [InlineData("DELETE", "/api/vehicles/{id}", "vehicles.write")]
    [InlineData("GET", "/api/vehicles/{id}/actions", "vehicles.read")]
    [InlineData("POST", "/api/vehicles/{id}/actions/drive", "vehicles.act")]
    [InlineData("GET", "/api/vehicles/{id}/positions", "positions.read")]
    [InlineData("POST", "/api/telemetry/positions", "positions.write")]
    [InlineData("GET", "/api/number-sequences", "numbers.read")]
    [InlineData("POST", "/api/number-sequences/chargecars/order/next", "numbers.assign")]
    [InlineData("POST", "/api/number-sequences/chargecars/order/void", "numbers.void")]
    [InlineData("GET", "/api/geofences", "geofences.read")]
    [InlineData("POST", "/api/geofences", "geofences.write")]
    [InlineData("GET", "/api/geofences/{id}", "geofences.read")]
    [InlineData("PATCH", "/api/geofences/{id}", "geofences.write")]
    [InlineData("DELETE", "/api/geofences/{id}", "geofences.write")]
    [InlineData("GET", "/api/geofence-events", "geofences.read")]
    [InlineData("GET", "/api/audit", "audit.read")]
    [InlineData("GET", "/api/api-keys", "api_keys.manage")]
    [InlineData("POST", "/api/api-keys", "api_keys.manage")]
    [InlineData("GET", "/dashboard/", "system.dashboard")]
    public async Task Endpoint_WithoutItsPermission_IsClosed(string method, string path, string permission)
    {
        path = path.Replace("{id}", Guid.CreateVersion7().ToString(), StringComparison.Ordinal);
        using var anonymous = host.Anonymous();
        using var stranger = await host.WithKeyAsync(permission == "numbers.read" ? "vehicles.read" : "numbers.read");

        using var unknown = await anonymous.SendAsync(Request());
        using var forbidden = await stranger.SendAsync(Request());

        await ProblemAsync(unknown, HttpStatusCode.Unauthorized);
        Assert.Equal(permission, (await ProblemAsync(forbidden, HttpStatusCode.Forbidden)).GetProperty("permission").GetString());

        HttpRequestMessage Request() => new(new HttpMethod(method), path)
        {
            Content = method is "GET" or "DELETE" ? null : new StringContent("{}", Encoding.UTF8, "application/json"),
        };
    }

    private static string Plate() => $"T-{Guid.NewGuid().ToString("N")[..8]}";

    private async Task<Guid> CreateAsync()
    {
        using var created = await host.Administrator.PostAsJsonAsync("/api/vehicles", new { licensePlate = Plate(), vehicleType = "van" });
        created.EnsureSuccessStatusCode();
        return (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private async Task<HttpResponseMessage> CreateWithKeyAsync(string key, string plate)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/vehicles") { Content = JsonContent.Create(new { licensePlate = plate, vehicleType = "van" }) };
        request.Headers.Add("Idempotency-Key", key);
        return await host.Administrator.SendAsync(request);
    }

    private async Task<HttpResponseMessage> ActAsync(Guid id, string action, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/vehicles/{id}/actions/{action}");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await host.Administrator.SendAsync(request);
    }

    private async Task<HttpResponseMessage> PatchAsync(Guid id, string? ifMatch, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/vehicles/{id}") { Content = new StringContent(body, Encoding.UTF8, "application/merge-patch+json") };
        if (ifMatch is not null)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue(ifMatch));
        }

        return await host.Administrator.SendAsync(request);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {body}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.All(new[] { "type", "title", "status", "detail", "traceId" }, name => Assert.True(problem.TryGetProperty(name, out _), $"{name} is missing: {body}"));
        return problem;
    }

    private async Task<object?> ScalarAsync(string sql, Guid id)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync();
    }
}
