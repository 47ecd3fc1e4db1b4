using System.Text.Json;
using System.Text.Json.Nodes;

namespace ChargeCars.Tests.Identity;

/// <summary>Ways to get more than one has, or to leave nobody in charge: each is refused, and the audit says so.</summary>
[Collection(AccessCollection.Name)]
public sealed class EscalationTests(AccessApp app)
{
    [Fact]
    public async Task Role_ThatGrantsMoreThanItsEditorHas_IsRefusedAndAudited()
    {
        var token = await PersonAsync("all", "roles.manage", "roles.read", "vehicles.read");
        var made = await AccessApp.BodyAsync(await PostAsync("roles", Role("vehicles.read"), token), 201);
        var id = made.GetProperty("id").GetGuid();

        await AccessApp.BodyAsync(await PatchAsync($"roles/{id}", new { permissions = new { resources = new[] { "vehicles.read", "users.manage" } } }, token), 403);
        await AccessApp.BodyAsync(await PatchAsync($"roles/{id}", new { permissions = new { resources = new[] { "*" } } }, token), 403);
        await AccessApp.BodyAsync(await PostAsync("roles", Role("users.manage"), token), 403);

        Assert.Equal(2, await RefusalsAsync(id, "Refused: a role with more than its author has"));
        Assert.Equal("""["vehicles.read"]""", await app.ValueAsync<string>("SELECT (permissions -> 'resources')::text FROM user_role WHERE id = $1", id));
    }

    [Fact]
    public async Task Key_WithMoreThanItsAuthorHas_IsNeitherMadeNorRotated_AndAudited()
    {
        var token = await PersonAsync("all", "api_keys.manage", "vehicles.read");
        var (id, former) = await app.CreateKeyAsync("vehicles.write");

        await AccessApp.BodyAsync(await PostAsync("api-keys", new { name = "more", permissions = new[] { "vehicles.write" } }, token), 403);
        await AccessApp.BodyAsync(await PostAsync($"api-keys/{id}/actions/rotate", new { overlapHours = 1 }, token), 403);

        Assert.Equal(1, await RefusalsAsync(id, "Refused: a new secret of a key with more than its author has"));
        Assert.True(await RefusalsAsync(Guid.Empty, "Refused: a key with more than its author has") > 0);
        Assert.Equal(403, (int)(await app.GetAsync("/probe/vehicles", key: former)).StatusCode); // it is as it was: known, and without the right
    }

    [Fact]
    public async Task Key_OfSomebodyWhoSeesOwnVansOnly_ForAllOrForOthers_IsRefused()
    {
        var token = await PersonAsync("own", "api_keys.manage", "vehicles.read");
        var (id, _) = await app.CreateKeyAsync("vehicles.read");

        var foreign = Guid.CreateVersion7();
        await app.ExecuteAsync("INSERT INTO vehicle (id, license_plate, vehicle_type) VALUES ($1, $1::text, 'van')", foreign);

        await AccessApp.BodyAsync(await PostAsync("api-keys", new { name = "wider", permissions = new[] { "vehicles.read" } }, token), 403);
        await AccessApp.BodyAsync(await PostAsync("api-keys", new { name = "others", permissions = new[] { "vehicles.read" }, vehicleIds = new[] { foreign } }, token), 403);
        await AccessApp.BodyAsync(await PostAsync($"api-keys/{id}/actions/rotate", new { overlapHours = 1 }, token), 404);
        Assert.Empty((await AccessApp.BodyAsync(await app.GetAsync("/api/api-keys", bearer: token), 200)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task LastAdministrator_RemovingHimself_IsRefusedByEveryWay_AndAudited()
    {
        var (token, id) = (await app.AdminTokenAsync(), await app.AdminIdAsync());
        var (role, viewer) = (await RoleIdAsync("admin"), await RoleIdAsync("viewer"));
        var before = (await RefusalsAsync(id, "Refused: the last administrator stays"), await RefusalsAsync(role, "Refused: the role admin stays as it is"));

        await AccessApp.BodyAsync(await PostAsync($"users/{id}/actions/disable", null, token), 409);
        await AccessApp.BodyAsync(await PatchAsync($"users/{id}", new { isActive = false }, token), 409);
        await AccessApp.BodyAsync(await PatchAsync($"users/{id}", new { roleId = viewer }, token), 409);
        await AccessApp.BodyAsync(await PatchAsync($"roles/{role}", new { permissions = new { resources = Array.Empty<string>() } }, token), 409);
        Assert.Equal(405, (int)(await app.SendAsync(HttpMethod.Delete, $"/api/users/{id}", bearer: token, ifMatch: "\"1\"")).StatusCode); // accounts are closed, never deleted

        Assert.Equal(
            (before.Item1 + 3, before.Item2 + 1),
            (await RefusalsAsync(id, "Refused: the last administrator stays"), await RefusalsAsync(role, "Refused: the role admin stays as it is")));
        await AccessApp.BodyAsync(await app.GetAsync("/api/auth/me", bearer: token), 200);
    }

    [Fact]
    public async Task Partner_MakingAnAccount_CanDoSoForItsOwnPeopleOnly()
    {
        var (partner, own, stranger) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await app.ExecuteAsync("INSERT INTO organization (id, name) VALUES ($1, 'Partner')", partner);
        await app.ExecuteAsync("""
            INSERT INTO contact (id, first_name, last_name, email, organization_id) VALUES
                ($1, 'Own', 'Person', $1::text || '@example.com', $3), ($2, 'Somebody', 'Else', $2::text || '@example.com', NULL)
            """, own, stranger, partner);
        var made = await AccessApp.BodyAsync(await PostAsync("api-keys",
            new { name = "partner", permissions = Api.Identity.Permissions.All, partnerOrganizationId = partner }, await app.AdminTokenAsync()), 201);
        var key = made.GetProperty("key").GetString();
        var role = await RoleIdAsync("partner");

        Task<HttpResponseMessage> MakeAsync(Guid contact, Guid organization) => app.SendAsync(
            HttpMethod.Post, "/api/users", key: key, body: new { contactId = contact, roleId = role, userOrganizationId = organization });

        var foreign = await AccessApp.BodyAsync(await MakeAsync(stranger, partner), 400);
        var nobody = await AccessApp.BodyAsync(await MakeAsync(Guid.NewGuid(), partner), 400);
        Assert.Equal(foreign.GetProperty("errors").GetRawText(), nobody.GetProperty("errors").GetRawText());
        await AccessApp.BodyAsync(await MakeAsync(own, Guid.NewGuid()), 403);
        await AccessApp.BodyAsync(await MakeAsync(own, partner), 201);
    }

    private Task<long> RefusalsAsync(Guid id, string summary) =>
        app.ValueAsync<long>("SELECT count(*) FROM audit_log WHERE record_id = $1 AND change_summary = $2", id, summary);

    private Task<Guid> RoleIdAsync(string name) => app.ValueAsync<Guid>("SELECT id FROM user_role WHERE role_name = $1 AND partner_organization_id IS NULL", name);

    private static object Role(params string[] resources) => new { roleName = $"r_{Guid.NewGuid():n}", permissions = new { resources } };

    /// <summary>A token of somebody who sees all vans, or the own, and may do this.</summary>
    private async Task<string> PersonAsync(string sees, params string[] permissions)
    {
        var role = $"r_{Guid.NewGuid():n}";
        await app.ExecuteAsync("INSERT INTO user_role (id, role_name, permissions) VALUES ($1, $2, $3::jsonb)",
            Guid.NewGuid(), role, JsonSerializer.Serialize(new { resources = permissions, data_filters = new { user_scope = sees } }));
        return await app.TokenOfAsync(await app.CreateUserAsync($"{role}@example.com", "-", role));
    }

    private Task<HttpResponseMessage> PostAsync(string path, object? body, string token) => app.SendAsync(HttpMethod.Post, $"/api/{path}", bearer: token, body: body);

    private async Task<HttpResponseMessage> PatchAsync(string path, object patch, string token)
    {
        var (table, id) = path.Split('/') is ["users", var user] ? ("user_account", user) : ("user_role", path.Split('/')[1]);
        var version = await app.ValueAsync<long>($"SELECT version FROM {table} WHERE id = $1", Guid.Parse(id));
        return await app.SendAsync(HttpMethod.Patch, $"/api/{path}", bearer: token, body: JsonSerializer.SerializeToNode(patch) as JsonObject, ifMatch: $"\"{version}\"");
    }
}
