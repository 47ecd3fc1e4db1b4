using System.Text.Json;
using ChargeCars.Api.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Identity;

[Collection(AccessCollection.Name)]
public sealed class ApiKeyTests(AccessApp app)
{
    private const string Path = "/api/api-keys";

    [Fact]
    public async Task Key_OnceMade_IsShownThatOnceAndKeptNowhere()
    {
        var (id, key) = await app.CreateKeyAsync(Permissions.VehiclesRead);
        Assert.Matches("^cc_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(200, (int)(await app.GetAsync("/probe/vehicles", key)).StatusCode);
        await RevokeAsync(id);

        var secret = key[36..];
        var token = await app.AdminTokenAsync();
        var shown = await (await app.GetAsync(Path, bearer: token)).Content.ReadAsStringAsync()
            + await (await app.GetAsync($"{Path}/{id}", bearer: token)).Content.ReadAsStringAsync();
        var kept = await app.ValueAsync<string>("""
            SELECT (SELECT string_agg(k::text, '') FROM api_key k) || (SELECT string_agg(a::text, '') FROM audit_log a)
                || (SELECT string_agg(c::text, '') FROM change_event c)
            """);
        Assert.Contains(id.ToString(), shown, StringComparison.Ordinal);
        Assert.Contains(id.ToString(), kept, StringComparison.Ordinal);
        Assert.All([shown, kept, app.Log.Text], text => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));

        var hash = await app.ValueAsync<string>("SELECT encode(key_hash, 'hex') FROM api_key WHERE id = $1", id);
        var told = await app.ValueAsync<string>("SELECT (SELECT string_agg(a::text, '') FROM audit_log a) || (SELECT string_agg(c::text, '') FROM change_event c)");
        Assert.All([shown, told, app.Log.Text], text => Assert.DoesNotContain(hash, text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Key_MadeAndRevoked_LeavesAuditAndChangeEvents()
    {
        var (id, _) = await app.CreateKeyAsync(Permissions.VehiclesRead);
        app.Time.Advance(TimeSpan.FromMilliseconds(1));
        await RevokeAsync(id);
        await RevokeAsync(id);

        Assert.Equal("api_key.created,api_key.revoked", await app.ValueAsync<string>(
            "SELECT string_agg(type, ',' ORDER BY sequence) FROM change_event WHERE entity_type = 'api_key' AND entity_id = $1", id));
        Assert.Equal("CREATE,UPDATE", await app.ValueAsync<string>(
            "SELECT string_agg(action, ',' ORDER BY created_at, id) FROM audit_log WHERE table_name = 'api_key' AND record_id = $1", id));
        Assert.Equal(2L, await app.ValueAsync<long>(
            "SELECT count(*) FROM audit_log WHERE record_id = $1 AND changed_by_contact_id = (SELECT id FROM contact WHERE email = 'Admin@Example.com')", id));
    }

    [Fact]
    public async Task Key_Revoked_StopsAtOnce()
    {
        var (id, key) = await app.CreateKeyAsync(Permissions.VehiclesRead);
        Assert.Equal(200, (int)(await app.GetAsync("/probe/vehicles", key)).StatusCode);

        await RevokeAsync(id);

        var problem = await AccessApp.BodyAsync(await app.GetAsync("/probe/vehicles", key), 401);
        Assert.Equal("The API key was revoked.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Key_RevokedByAnotherNode_StopsWhenForgottenOrAfter30Seconds()
    {
        foreach (var forget in new[] { true, false })
        {
            var (id, key) = await app.CreateKeyAsync(Permissions.VehiclesRead);
            Assert.Equal(200, (int)(await app.GetAsync("/probe/vehicles", key)).StatusCode);
            await app.ExecuteAsync("UPDATE api_key SET revoked_at = now() WHERE id = $1", id);
            // Out of memory, without asking the database.
            Assert.Equal(200, (int)(await app.GetAsync("/probe/vehicles", key)).StatusCode);

            if (forget)
            {
                app.Services.GetRequiredService<ApiKeyDirectory>().Forget(id);
            }
            else
            {
                app.Time.Advance(TimeSpan.FromSeconds(30));
            }

            Assert.Equal(401, (int)(await app.GetAsync("/probe/vehicles", key)).StatusCode);
        }
    }

    [Fact]
    public async Task Key_PastItsExpiry_IsAnswered401()
    {
        var body = await CreateAsync(new { name = "short", permissions = new[] { Permissions.VehiclesRead }, expiresAt = app.Time.GetUtcNow().AddSeconds(10) }, 201);
        var key = body.GetProperty("key").GetString();
        Assert.Equal(200, (int)(await app.GetAsync("/probe/vehicles", key)).StatusCode);

        app.Time.Advance(TimeSpan.FromSeconds(10));

        var problem = await AccessApp.BodyAsync(await app.GetAsync("/probe/vehicles", key), 401);
        Assert.Equal("The API key has expired.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Request_WithFaults_IsAnswered400NamingEach()
    {
        var problem = await CreateAsync(new
        {
            name = " ",
            permissions = new[] { Permissions.VehiclesRead, "vehicles.fly", Permissions.VehiclesRead },
            businessEntities = new[] { "chargecars", "chargebikes" },
            expiresAt = app.Time.GetUtcNow(),
        }, 400);

        Assert.Equal(["businessEntities[1]", "expiresAt", "name", "permissions[1]", "permissions[2]"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.Contains("vehicles.fly", problem.GetProperty("errors").GetProperty("permissions[1]")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithoutAnything_IsAnswered400()
    {
        var problem = await CreateAsync(new { }, 400);

        Assert.Equal(["name", "permissions"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Request_ForAPartnerThatIsNone_IsAnswered400()
    {
        var problem = await CreateAsync(new { name = "x", permissions = new[] { Permissions.VehiclesRead }, partnerOrganizationId = Guid.NewGuid() }, 400);

        Assert.Equal("partnerOrganizationId", Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task Author_WithoutAPermission_CantGiveIt()
    {
        var (_, author) = await app.CreateKeyAsync(Permissions.ApiKeysManage, Permissions.VehiclesRead);

        var problem = await CreateAsync(new { name = "more", permissions = new[] { Permissions.VehiclesRead, Permissions.VehiclesWrite } }, 403, author);

        Assert.Equal("permissions[1]", Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
        await CreateAsync(new { name = "same", permissions = new[] { Permissions.VehiclesRead } }, 201, author);
    }

    [Fact]
    public async Task Author_LimitedToABusinessEntity_CantReachBeyondIt()
    {
        string[] manage = [Permissions.ApiKeysManage];
        var author = (await CreateAsync(new { name = "limited", permissions = manage, businessEntities = new[] { "chargecars", "zaptecshop" } }, 201))
            .GetProperty("key").GetString();
        var (other, _) = await app.CreateKeyAsync(Permissions.VehiclesRead);

        await CreateAsync(new { name = "all", permissions = manage }, 403, author);
        await CreateAsync(new { name = "other", permissions = manage, businessEntities = new[] { "chargecars", "ratioshop" } }, 403, author);
        var made = (await CreateAsync(new { name = "own", permissions = manage, businessEntities = new[] { "zaptecshop" } }, 201, author)).GetProperty("id").GetGuid();
        await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Delete, $"{Path}/{other}", author), 404);
        var listed = await AccessApp.BodyAsync(await app.GetAsync(Path, author), 200);
        Assert.Contains(listed.GetProperty("items").EnumerateArray(), item => item.GetProperty("id").GetGuid() == made);
        Assert.DoesNotContain(listed.GetProperty("items").EnumerateArray(), item => item.GetProperty("id").GetGuid() == other);
    }

    [Fact]
    public async Task Author_LimitedToAPartner_MakesKeysForThatPartnerOnly()
    {
        var partner = Guid.CreateVersion7();
        await app.ExecuteAsync("INSERT INTO organization (id, name) VALUES ($1, 'Partner')", partner);
        string[] manage = [Permissions.ApiKeysManage];
        var author = (await CreateAsync(new { name = "partner", permissions = manage, partnerOrganizationId = partner }, 201)).GetProperty("key").GetString();

        await CreateAsync(new { name = "free", permissions = manage }, 403, author);
        await CreateAsync(new { name = "same", permissions = manage, partnerOrganizationId = partner }, 201, author);
    }

    [Fact]
    public async Task Delete_OfAnUnknownKey_IsAnswered404() => await AccessApp.BodyAsync(
        await app.SendAsync(HttpMethod.Delete, $"{Path}/{Guid.NewGuid()}", bearer: await app.AdminTokenAsync()), 404);

    [Fact]
    public async Task Keys_WithoutThePermission_AreClosed()
    {
        var (id, key) = await app.CreateKeyAsync(Permissions.VehiclesRead);

        await AccessApp.BodyAsync(await app.GetAsync(Path, key), 403);
        await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Delete, $"{Path}/{id}", key), 403);
        await CreateAsync(new { name = "x", permissions = new[] { Permissions.VehiclesRead } }, 403, key);
        await AccessApp.BodyAsync(await app.GetAsync(Path), 401);
    }

    [Fact]
    public async Task List_ByPages_ShowsEachOnceNewestFirst()
    {
        var made = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            app.Time.Advance(TimeSpan.FromMilliseconds(1));
            made.Insert(0, (await app.CreateKeyAsync(Permissions.VehiclesRead)).Id);
        }

        var token = await app.AdminTokenAsync();
        var seen = new List<Guid>();
        var cursor = "";
        do
        {
            var page = await AccessApp.BodyAsync(await app.GetAsync($"{Path}?limit=2{cursor}", bearer: token), 200);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor").ValueKind == JsonValueKind.Null ? null : $"&cursor={page.GetProperty("nextCursor")}";
        }
        while (cursor is not null);

        Assert.Equal(made, seen.Take(3));
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(await app.ValueAsync<long>("SELECT count(*) FROM api_key"), seen.Count);
        await AccessApp.BodyAsync(await app.GetAsync($"{Path}?limit=501", bearer: token), 400);
    }

    [Fact]
    public async Task Key_Used_IsNotedOnceWritten()
    {
        var (id, key) = await app.CreateKeyAsync(Permissions.VehiclesRead);
        await app.GetAsync("/probe/vehicles", key);
        Assert.True(await app.ValueAsync<bool>("SELECT last_used_at IS NULL FROM api_key WHERE id = $1", id));

        await app.Services.GetRequiredService<KeyUse>().WriteAsync(CancellationToken.None);

        Assert.Equal(app.Time.GetUtcNow().UtcDateTime, await app.ValueAsync<DateTime>("SELECT last_used_at FROM api_key WHERE id = $1", id));
        Assert.Equal(1L, await app.ValueAsync<long>("SELECT version FROM api_key WHERE id = $1", id));
    }

    [Fact]
    public async Task Permissions_ToWhoIsSignedIn_AreListed()
    {
        var (_, key) = await app.CreateKeyAsync(Permissions.PositionsWrite);

        var list = await AccessApp.BodyAsync(await app.GetAsync("/api/permissions", key), 200);

        Assert.Equal(Permissions.All, list.GetProperty("items").EnumerateArray().Select(item => item.GetString()!));
        await AccessApp.BodyAsync(await app.GetAsync("/api/permissions"), 401);
    }

    private async Task<JsonElement> CreateAsync(object body, int status, string? author = null) => await AccessApp.BodyAsync(
        await app.SendAsync(HttpMethod.Post, Path, author, author is null ? await app.AdminTokenAsync() : null, body), status);

    private async Task RevokeAsync(Guid id) => Assert.Equal(204,
        (int)(await app.SendAsync(HttpMethod.Delete, $"{Path}/{id}", bearer: await app.AdminTokenAsync())).StatusCode);
}
