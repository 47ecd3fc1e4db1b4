using System.Text.Json.Nodes;

namespace ChargeCars.Tests.Identity;

/// <summary>Whose roles somebody sees and may change: a role is what others may do too.</summary>
[Collection(AccessCollection.Name)]
public sealed class RoleScopeTests(AccessApp app)
{
    [Theory]
    [InlineData("""{"isActive": false}""")]
    [InlineData("""{"roleName": "taken_over"}""")]
    [InlineData("""{"permissions": {"resources": [], "data_filters": {"organization_scope": "partner", "user_scope": "all"}}}""")]
    public async Task Role_ThatOthersHave_IsLeftAloneByOnePartnersAdministrator(string patch)
    {
        var (mine, other) = (await PartnerAsync(), await PartnerAsync());
        var key = await KeyAsync(new { partnerOrganizationId = mine });
        var (shared, theirs) = (await RoleAsync("partner", null), await RoleAsync("partner", other));
        var own = (await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/roles", key: key, body: Body("partner")), 201)).GetProperty("id").GetGuid();

        Assert.Equal(200, await StatusAsync($"roles/{shared}", key)); // given to own people, and seen for that
        await AccessApp.BodyAsync(await PatchAsync(shared, patch, key), 403);
        Assert.Equal(404, await StatusAsync($"roles/{theirs}", key));
        await AccessApp.BodyAsync(await PatchAsync(theirs, patch, key), 404);
        await AccessApp.BodyAsync(await PatchAsync(own, patch.Replace("taken_over", $"r_{own:n}", StringComparison.Ordinal), key), 200);

        Assert.Equal(1L, await app.ValueAsync<long>(
            "SELECT count(*) FROM audit_log WHERE record_id = $1 AND change_summary = 'Refused: a role that is not its author''s'", shared));
        Assert.Equal(2L, await app.ValueAsync<long>("SELECT count(*) FROM user_role WHERE id IN ($1, $2) AND version = 1 AND is_active", shared, theirs));
    }

    [Fact]
    public async Task Roles_ThatAPartnerMakes_AreItsOwn_AndSeenByNoOtherPartner()
    {
        var (mine, other) = (await PartnerAsync(), await PartnerAsync());
        var (key, foreign) = (await KeyAsync(new { partnerOrganizationId = mine }), await KeyAsync(new { partnerOrganizationId = other }));

        var made = await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/roles", key: key, body: Body("partner")), 201);

        Assert.Equal(mine, made.GetProperty("partnerOrganizationId").GetGuid());
        var id = made.GetProperty("id").GetGuid();
        Assert.Contains(id, await ListAsync(key));
        Assert.DoesNotContain(id, await ListAsync(foreign));
        Assert.DoesNotContain(await RoleAsync("all", null), await ListAsync(key)); // the company's own are none of a partner's business
        await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/roles", key: key, body: Body("all")), 400);
        var problem = await AccessApp.BodyAsync(await PatchAsync(id, $$"""{"partnerOrganizationId": "{{other}}"}""", key), 400);
        Assert.True(problem.GetProperty("errors").TryGetProperty("partnerOrganizationId", out _));
        await AccessApp.BodyAsync(await PatchAsync(id, """{"partnerOrganizationId": null}""", key), 400);
    }

    /// <summary>A refusal would say what others have; and the name of a role that means something to the program means nothing here.</summary>
    [Fact]
    public async Task Name_OfARole_IsFreeForEachPartner_AndTakenOnceWithinOne()
    {
        var (mine, other) = (await KeyAsync(new { partnerOrganizationId = await PartnerAsync() }), await KeyAsync(new { partnerOrganizationId = await PartnerAsync() }));
        foreach (var name in new[] { $"r_{Guid.NewGuid():n}", "admin" })
        {
            var body = new { roleName = name, permissions = JsonNode.Parse("{\"resources\": [\"vehicles.read\"], \"data_filters\": {\"organization_scope\": \"partner\"}}") };
            var made = await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/roles", key: mine, body: body), 201);
            await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/roles", key: other, body: body), 201);

            var taken = await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/roles", key: mine, body: body), 409);
            Assert.Equal("/problems/role-name-taken", taken.GetProperty("type").GetString());
            await AccessApp.BodyAsync(await PatchAsync(made.GetProperty("id").GetGuid(), "{\"isActive\": false}", mine), 200);
        }

        // What keeps the last of those who can do everything still knows which role is meant.
        await app.ExecuteAsync("UPDATE user_account SET is_active = is_active");
    }

    [Fact]
    public async Task Role_OfAPartner_IsGivenToThatPartnersAccountsAlone()
    {
        var (mine, other) = (await PartnerAsync(), await PartnerAsync());
        var (key, token) = (await KeyAsync(new { partnerOrganizationId = mine }), await app.AdminTokenAsync());
        var (own, theirs) = (await RoleAsync("partner", mine), await RoleAsync("partner", other));

        await AccessApp.BodyAsync(await GiveAsync(own, mine, key: key), 201);
        var foreign = await AccessApp.BodyAsync(await GiveAsync(theirs, mine, key: key), 400);
        var nobodys = await AccessApp.BodyAsync(await GiveAsync(Guid.NewGuid(), mine, key: key), 400);
        Assert.Equal(foreign.GetProperty("errors").GetRawText(), nobodys.GetProperty("errors").GetRawText());
        // Nor by the company itself: the account would be at another partner's mercy.
        await AccessApp.BodyAsync(await GiveAsync(theirs, mine, bearer: token), 400);
        await AccessApp.BodyAsync(await GiveAsync(theirs, null, bearer: token), 400);
        var made = await AccessApp.BodyAsync(await GiveAsync(theirs, other, bearer: token), 201);
        await AccessApp.BodyAsync(await app.SendAsync(
            HttpMethod.Patch, $"/api/users/{made.GetProperty("id").GetGuid()}", bearer: token, body: new { userOrganizationId = mine }, ifMatch: "\"1\""), 400);
    }

    [Fact]
    public async Task Role_OfAll_IsLeftAloneByWhoSeesOnlySome()
    {
        var van = Guid.CreateVersion7();
        await app.ExecuteAsync("INSERT INTO vehicle (id, license_plate, vehicle_type) VALUES ($1, $1::text, 'van')", van);
        foreach (var (key, scope) in new[]
        {
            (await KeyAsync(new { vehicleIds = new[] { van } }), """{"data_filters": {"user_scope": "own"}, "resources": ["vehicles.read"]}"""),
            (await KeyAsync(new { businessEntities = new[] { "laderthuis" } }), """{"organizations": ["laderthuis"], "resources": ["vehicles.read"]}"""),
        })
        {
            var role = Guid.CreateVersion7();
            await app.ExecuteAsync("INSERT INTO user_role (id, role_name, permissions) VALUES ($1, $1::text, $2::jsonb)", role, scope);

            Assert.Equal(200, await StatusAsync($"roles/{role}", key));
            await AccessApp.BodyAsync(await PatchAsync(role, """{"isActive": false}""", key), 403);
            await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/roles", key: key, body: new { roleName = $"r_{Guid.NewGuid():n}", permissions = JsonNode.Parse(scope) }), 403);
        }
    }

    private async Task<Guid> PartnerAsync()
    {
        var id = Guid.CreateVersion7();
        await app.ExecuteAsync("INSERT INTO organization (id, name) VALUES ($1, 'Partner')", id);
        return id;
    }

    private async Task<Guid> RoleAsync(string organizations, Guid? partner)
    {
        var id = Guid.CreateVersion7();
        await app.ExecuteAsync("""
            INSERT INTO user_role (id, role_name, permissions, partner_organization_id)
            VALUES ($1, 'r_' || $1::text, jsonb_build_object('resources', '["vehicles.read"]'::jsonb, 'data_filters', jsonb_build_object('organization_scope', $2::text)), nullif($3, $1))
            """, id, organizations, partner ?? id);
        return id;
    }

    /// <summary>A key with every permission under a limit.</summary>
    private async Task<string> KeyAsync(object limit)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(limit)!.AsObject();
        body["name"] = "limited";
        body["permissions"] = new JsonArray([.. Api.Identity.Permissions.All.Select(permission => (JsonNode)permission)]);
        return (await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/api-keys", bearer: await app.AdminTokenAsync(), body: body), 201))
            .GetProperty("key").GetString()!;
    }

    private async Task<HttpResponseMessage> GiveAsync(Guid role, Guid? organization, string? key = null, string? bearer = null)
    {
        var contact = Guid.CreateVersion7();
        await app.ExecuteAsync("""
            INSERT INTO contact (id, first_name, last_name, email, organization_id) VALUES ($1, 'Some', 'Body', $1::text || '@example.com', nullif($2, $1))
            """, contact, organization ?? contact);
        return await app.SendAsync(HttpMethod.Post, "/api/users", key, bearer, new { contactId = contact, roleId = role, userOrganizationId = organization });
    }

    private static object Body(string organizations) => new
    {
        roleName = $"r_{Guid.NewGuid():n}",
        permissions = new { resources = new[] { "vehicles.read" }, data_filters = new { organization_scope = organizations } },
    };

    private async Task<List<Guid>> ListAsync(string key) =>
        [.. (await AccessApp.BodyAsync(await app.GetAsync("/api/roles?limit=500", key: key), 200)).GetProperty("items").EnumerateArray().Select(role => role.GetProperty("id").GetGuid())];

    private async Task<int> StatusAsync(string path, string key) => (int)(await app.GetAsync($"/api/{path}", key: key)).StatusCode;

    private async Task<HttpResponseMessage> PatchAsync(Guid role, string patch, string key)
    {
        var version = await app.ValueAsync<long>("SELECT version FROM user_role WHERE id = $1", role);
        return await app.SendAsync(HttpMethod.Patch, $"/api/roles/{role}", key: key, body: JsonNode.Parse(patch), ifMatch: $"\"{version}\"");
    }
}
