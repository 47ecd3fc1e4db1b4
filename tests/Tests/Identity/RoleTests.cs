using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Identity.Roles;
using ChargeCars.Money.Numbering;

namespace ChargeCars.Tests.Identity;

/// <summary>Roles and accounts over HTTP: nobody gives what they lack, and there is always an administrator.</summary>
[Collection(AccessCollection.Name)]
public sealed class RoleTests(AccessApp app)
{
    [Fact]
    public async Task Role_IsMadeReadChangedAndAudited()
    {
        var token = await app.AdminTokenAsync();
        var name = Name();

        var made = await AccessApp.BodyAsync(await PostAsync("roles", Body(name, "vehicles.read"), token), 201);
        var id = made.GetProperty("id").GetGuid();
        var patched = await AccessApp.BodyAsync(await PatchAsync($"roles/{id}", """{"permissions": {"resources": ["vehicles.read", "vehicles.act"]}}""", token, 1), 200);

        Assert.Equal(2, patched.GetProperty("version").GetInt64());
        Assert.Equal("own", patched.GetProperty("permissions").GetProperty("data_filters").GetProperty("user_scope").GetString());
        await AccessApp.BodyAsync(await PatchAsync($"roles/{id}", """{"description": "x"}""", token, 1), 412);
        await AccessApp.BodyAsync(await PatchAsync($"roles/{id}", """{"description": "x"}""", token, null), 428);
        await AccessApp.BodyAsync(await PostAsync("roles", Body(name, "vehicles.read"), token), 409);
        Assert.Equal(2L, await app.ValueAsync<long>("SELECT count(*) FROM audit_log WHERE table_name = 'user_role' AND record_id = $1", id));
    }

    [Theory]
    [InlineData("""{"resources": ["vehicles.fly"]}""", "permissions.resources[0]")]
    [InlineData("""{"resources": "*"}""", "permissions.resources")]
    [InlineData("""{"visits": ["explode"]}""", "permissions.visits[0]")]
    [InlineData("""{"organizations": ["tesla"]}""", "permissions.organizations[0]")]
    [InlineData("""{"data_filters": {"user_scope": "everybody"}}""", "permissions.data_filters.user_scope")]
    [InlineData("""{"surprise": []}""", "permissions.surprise")]
    public async Task Role_WithPermissionsThatAreNone_IsRefusedByField(string permissions, string field)
    {
        var answer = await PostAsync("roles", new { roleName = Name(), permissions = JsonNode.Parse(permissions) }, await app.AdminTokenAsync());

        Assert.True((await AccessApp.BodyAsync(answer, 400)).GetProperty("errors").TryGetProperty(field, out _));
    }

    [Fact]
    public async Task Role_ThatGrantsWhatItsAuthorLacks_IsRefused()
    {
        var token = await PersonAsync("roles.manage", "roles.read", "vehicles.read");

        await AccessApp.BodyAsync(await PostAsync("roles", Body(Name(), "vehicles.write"), token), 403);
        await AccessApp.BodyAsync(await PostAsync("roles", Body(Name(), "*"), token), 403);
        var made = await AccessApp.BodyAsync(await PostAsync("roles", Body(Name(), "vehicles.read"), token), 201);
        await AccessApp.BodyAsync(await PatchAsync(
            $"roles/{made.GetProperty("id").GetGuid()}", """{"permissions": {"resources": ["vehicles.read", "users.manage"]}}""", token, 1), 403);
        // Nor may it cut down who stands above.
        var manager = await app.ValueAsync<Guid>("SELECT id FROM user_role WHERE role_name = 'manager' AND partner_organization_id IS NULL");
        await AccessApp.BodyAsync(await PatchAsync($"roles/{manager}", """{"isActive": false}""", token, null, "*"), 403);
        await AccessApp.BodyAsync(await PatchAsync($"roles/{await AdminRoleAsync()}", """{"isActive": false}""", token, null, "*"), 409);
    }

    [Fact]
    public async Task Account_IsMadeForAContact_WhoSetsThePasswordByTheLinkThatIsSent()
    {
        var (token, contact, email) = (await app.AdminTokenAsync(), Guid.CreateVersion7(), $"{Guid.NewGuid():n}@example.com");
        await app.ExecuteAsync("INSERT INTO contact (id, first_name, last_name, email) VALUES ($1, 'New', 'Person', $2)", contact, email);

        var made = await AccessApp.BodyAsync(await PostAsync("users", new { contactId = contact, roleId = await RoleAsync("planner"), scopes = new[] { "planning" } }, token), 201);

        Assert.Equal(email, made.GetProperty("email").GetString());
        Assert.False(made.TryGetProperty("password", out _));
        Assert.Equal(204, (int)(await app.SendAsync(HttpMethod.Post, "/api/auth/password/reset",
            body: new { token = await app.Sent.TokenAsync(email), password = "the first password" })).StatusCode);
        await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/auth/login", body: new { email, password = "the first password" }), 200);
        await AccessApp.BodyAsync(await PostAsync("users", new { contactId = contact, roleId = await RoleAsync("planner") }, token), 409);
        await AccessApp.BodyAsync(await PostAsync("users", new { contactId = Guid.NewGuid(), roleId = await RoleAsync("planner") }, token), 400);
        await AccessApp.BodyAsync(await PostAsync("users", new { contactId = contact, roleId = Guid.NewGuid() }, token), 400);
    }

    [Fact]
    public async Task Account_WithMoreThanItsEditorHas_CanNeitherBeMadeNorTouched()
    {
        var token = await PersonAsync("users.manage", "users.read", "vehicles.read", "positions.read", "geofences.read", "orders.read", "visits.read", "status.read", "alerts.read", "places.read");
        var admin = await app.AdminIdAsync();
        var viewer = await app.CreateUserAsync($"{Guid.NewGuid():n}@example.com", "-", "viewer");

        await AccessApp.BodyAsync(await PatchAsync($"users/{viewer}", $$"""{"roleId": "{{await AdminRoleAsync()}}"}""", token, null, "*"), 403);
        await AccessApp.BodyAsync(await PatchAsync($"users/{viewer}", """{"scopes": ["sales_manager"]}""", token, null, "*"), 403);
        await AccessApp.BodyAsync(await PatchAsync($"users/{admin}", """{"isActive": false}""", token, null, "*"), 403);
        foreach (var action in new[] { "disable", "sign_out", "send_reset" })
        {
            await AccessApp.BodyAsync(await PostAsync($"users/{admin}/actions/{action}", null, token), 403);
        }

        await AccessApp.BodyAsync(await PostAsync($"users/{viewer}/actions/disable", null, token), 200);
    }

    [Fact]
    public async Task Account_Disabled_IsOutAtOnceAndCantComeBack()
    {
        var id = await app.CreateUserAsync($"{Guid.NewGuid():n}@example.com", "-");
        var session = await app.SignInAsync(id);
        Assert.Equal(200, (int)(await app.GetAsync("/probe/vehicles", bearer: session.AccessToken)).StatusCode);

        await AccessApp.BodyAsync(await PostAsync($"users/{id}/actions/disable", null, await app.AdminTokenAsync()), 200);

        Assert.Equal(401, (int)(await app.GetAsync("/probe/vehicles", bearer: session.AccessToken)).StatusCode);
        await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/auth/refresh", body: new { refreshToken = session.RefreshToken }), 401);
    }

    [Fact]
    public async Task LastAdministrator_CantBeClosedOrDemoted_ByAnyWay()
    {
        var (token, id) = (await app.AdminTokenAsync(), await app.AdminIdAsync());

        await AccessApp.BodyAsync(await PostAsync($"users/{id}/actions/disable", null, token), 409);
        await AccessApp.BodyAsync(await PatchAsync($"users/{id}", $$"""{"roleId": "{{await RoleAsync("viewer")}}"}""", token, null, "*"), 409);
        await AccessApp.BodyAsync(await PatchAsync($"roles/{await AdminRoleAsync()}", """{"isActive": false}""", token, null, "*"), 409);

        await AccessApp.BodyAsync(await app.GetAsync("/api/auth/me", bearer: token), 200);
    }

    [Fact]
    public async Task Users_AreListedWithoutASecret_AndOfOnesOwnPartnerOnly()
    {
        var partner = Guid.CreateVersion7();
        await app.ExecuteAsync("INSERT INTO organization (id, name) VALUES ($1, 'Partner')", partner);
        var id = await app.CreateUserAsync($"{Guid.NewGuid():n}@example.com", "secret-hash", "partner");
        await app.ExecuteAsync("UPDATE user_account SET user_organization_id = $2 WHERE id = $1", id, partner);
        var created = await AccessApp.BodyAsync(await PostAsync("api-keys",
            new { name = "partner", permissions = new[] { "users.read" }, partnerOrganizationId = partner }, await app.AdminTokenAsync()), 201);
        var key = created.GetProperty("key").GetString()!;

        var list = await AccessApp.BodyAsync(await app.GetAsync("/api/users", key: key), 200);

        Assert.Equal(id, Assert.Single(list.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
        Assert.DoesNotContain("secret-hash", list.GetRawText(), StringComparison.Ordinal);
        await AccessApp.BodyAsync(await app.GetAsync($"/api/users/{await app.AdminIdAsync()}", key: key), 404);
    }

    [Fact]
    public void Grants_OfTheSchemasLists_AreActionsOnTheirResources()
    {
        var grants = RoleGrants.Of("""{"resources": ["vehicles.read"], "visits": ["read", "write"], "audit_logs": ["read"], "organizations": ["laderthuis"]}""", [AccountScope.SalesManager]);

        Assert.Superset(new HashSet<string> { "vehicles.read", "visits.read", "visits.write", "audit.read", "orders.cancel" }, grants.Permissions.ToHashSet());
        Assert.Equal([BusinessEntity.Laderthuis], grants.BusinessEntities!);
        Assert.Empty(RoleGrants.Of("""{"resources": ["*"], "unknown": 1}""", []).Permissions);
    }

    [Fact]
    public async Task Technician_SeesTheVanOfTheOwnTeamAlone()
    {
        var (van, other, team) = (await VehicleAsync(), await VehicleAsync(), Guid.CreateVersion7());
        var id = await app.CreateUserAsync($"{Guid.NewGuid():n}@example.com", "-", "technician");
        await app.ExecuteAsync("INSERT INTO team (id, name, vehicle_id) VALUES ($1, 'North', $2)", team, van);
        await app.ExecuteAsync("INSERT INTO team_member (id, team_id, contact_id, role, valid_from) VALUES ($1, $1, $2, 'lead', $3)",
            team, id, DateOnly.FromDateTime(app.Time.GetUtcNow().Date));

        var caller = (await app.FindUserAsync(id))!.Caller;

        Assert.True(caller.SeesVehicle(van));
        Assert.False(caller.SeesVehicle(other));
        Assert.Equal([van], caller.VisibleVehicles()!);
    }

    [Fact]
    public async Task ApiKey_Rotated_TakesBothSecretsUntilTheOverlapEnds()
    {
        var (id, former) = await app.CreateKeyAsync("vehicles.read");
        var token = await app.AdminTokenAsync();

        var rotated = await AccessApp.BodyAsync(await PostAsync($"api-keys/{id}/actions/rotate", new { overlapHours = 2 }, token), 200);

        var next = rotated.GetProperty("key").GetString()!;
        Assert.Equal((200, 200), (await StatusAsync(former), await StatusAsync(next)));
        app.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal((401, 200), (await StatusAsync(former), await StatusAsync(next)));
        await AccessApp.BodyAsync(await PostAsync($"api-keys/{id}/actions/rotate", new { overlapHours = 1_000 }, await app.AdminTokenAsync()), 400);
        Assert.DoesNotContain(next, app.Log.Text, StringComparison.Ordinal);
    }

    private async Task<int> StatusAsync(string key) => (int)(await app.GetAsync("/probe/vehicles", key: key)).StatusCode;

    private async Task<Guid> VehicleAsync()
    {
        var id = Guid.CreateVersion7();
        await app.ExecuteAsync("INSERT INTO vehicle (id, license_plate, vehicle_type) VALUES ($1, $2, 'van')", id, id.ToString());
        return id;
    }

    /// <summary>A token of somebody whose role has these permissions.</summary>
    private async Task<string> PersonAsync(params string[] permissions)
    {
        var role = Name();
        await app.ExecuteAsync("INSERT INTO user_role (id, role_name, permissions) VALUES ($1, $2, $3::jsonb)",
            Guid.NewGuid(), role, JsonSerializer.Serialize(new { resources = permissions }));
        return await app.TokenOfAsync(await app.CreateUserAsync($"{role}@example.com", "-", role));
    }

    private Task<Guid> AdminRoleAsync() => RoleAsync("admin");

    private Task<Guid> RoleAsync(string name) => app.ValueAsync<Guid>("SELECT id FROM user_role WHERE role_name = $1 AND partner_organization_id IS NULL", name);

    private static string Name() => $"r_{Guid.NewGuid():n}";

    private static object Body(string name, params string[] resources) => new
    {
        roleName = name,
        permissions = new { resources, data_filters = new { organization_scope = "all", user_scope = "own" } },
    };

    private Task<HttpResponseMessage> PostAsync(string path, object? body, string token) => app.SendAsync(HttpMethod.Post, $"/api/{path}", bearer: token, body: body);

    /// <summary>With that version; with "*" as <paramref name="ifMatch"/>, the one that the row has.</summary>
    private async Task<HttpResponseMessage> PatchAsync(string path, string patch, string token, long? version, string? ifMatch = null)
    {
        if (ifMatch == "*")
        {
            var (table, id) = path.Split('/') is ["users", var user] ? ("user_account", user) : ("user_role", path.Split('/')[1]);
            version = await app.ValueAsync<long>($"SELECT version FROM {table} WHERE id = $1", Guid.Parse(id));
        }

        return await app.SendAsync(
            HttpMethod.Patch, $"/api/{path}", bearer: token, body: JsonNode.Parse(patch), ifMatch: version is null ? null : $"\"{version}\"");
    }
}
