using System.Text.Json.Nodes;

namespace ChargeCars.Tests.Identity;

/// <summary>A patch that changes nothing makes no version, no audit row and no change.</summary>
[Collection(AccessCollection.Name)]
public sealed class NothingChangedTests(AccessApp app)
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"description": "Of a test", "isActive": true}""")]
    [InlineData("""{"permissions": {"data_filters": {"user_scope": "own"}, "resources": ["vehicles.read"]}}""")]
    public async Task Role_PatchedWithWhatItSays_StaysAsItIs(string patch)
    {
        var id = Guid.CreateVersion7();
        await app.ExecuteAsync("""
            INSERT INTO user_role (id, role_name, description, permissions)
            VALUES ($1, 'r_' || replace($1::text, '-', '_'), 'Of a test', '{"resources": ["vehicles.read"], "data_filters": {"user_scope": "own"}}')
            """, id);

        await AssertUnchangedAsync("roles", "user_role", id, patch);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"scopes": ["planning", "sales_manager"], "isActive": true}""")]
    public async Task User_PatchedWithWhatItSays_StaysAsItIs(string patch)
    {
        var id = await app.CreateUserAsync($"{Guid.NewGuid():n}@example.com", "-");
        await app.ExecuteAsync("UPDATE user_account SET scopes = '{planning,sales_manager}' WHERE id = $1", id);

        await AssertUnchangedAsync("users", "user_account", id, patch);
    }

    private async Task AssertUnchangedAsync(string path, string table, Guid id, string patch)
    {
        var token = await app.AdminTokenAsync();
        var before = await app.GetAsync($"/api/{path}/{id}", bearer: token);
        var body = await AccessApp.BodyAsync(before, 200);
        Assert.Equal("\"1\"", before.Headers.ETag?.Tag);

        var answer = await app.SendAsync(HttpMethod.Patch, $"/api/{path}/{id}", bearer: token, body: JsonNode.Parse(patch), ifMatch: "\"1\"");

        Assert.Equal(body.GetRawText(), (await AccessApp.BodyAsync(answer, 200)).GetRawText());
        Assert.Equal("\"1\"", answer.Headers.ETag?.Tag);
        Assert.Equal(1L, await app.ValueAsync<long>($"SELECT version FROM {table} WHERE id = $1", id));
        Assert.Equal(0L, await app.ValueAsync<long>(
            "SELECT (SELECT count(*) FROM audit_log WHERE record_id = $1) + (SELECT count(*) FROM change_event WHERE entity_id = $1)", id));
    }
}
