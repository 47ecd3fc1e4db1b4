using ChargeCars.Api.Identity;

namespace ChargeCars.Tests.Identity;

[Collection(AccessCollection.Name)]
public sealed class CredentialTests(AccessApp app)
{
    [Fact]
    public async Task Request_WithoutCredentials_IsAnswered401WithWhatToSend()
    {
        var answer = await app.GetAsync("/probe/vehicles");

        var problem = await AccessApp.BodyAsync(answer, 401);
        Assert.Contains("X-Api-Key", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["Bearer", "ApiKey"], answer.Headers.WwwAuthenticate.Select(way => way.Scheme));
    }

    [Fact]
    public async Task OpenEndpoint_WithoutCredentials_Answers()
    {
        Assert.Equal("open", await (await app.GetAsync("/probe/open")).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("cc_00000000000000000000000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("cc_00000000000000000000000000000000_????????????????????????????????????????????")]
    [InlineData("cc_00000000000000000000000000000000_AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA")]
    public async Task Key_ThatIsNone_IsAnswered401(string key) => await AccessApp.BodyAsync(await app.GetAsync("/probe/vehicles", key), 401);

    [Fact]
    public async Task Key_WithAnotherSecret_IsAnswered401()
    {
        var (_, key) = await app.CreateKeyAsync(Permissions.VehiclesRead);
        var (_, other) = await app.CreateKeyAsync(Permissions.VehiclesRead);

        var problem = await AccessApp.BodyAsync(await app.GetAsync("/probe/vehicles", key[..36] + other[36..]), 401);

        Assert.Equal("The API key is not valid.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Key_WithThePermission_IsTheCaller()
    {
        var (id, key) = await app.CreateKeyAsync(Permissions.VehiclesRead);

        var answer = await app.GetAsync("/probe/vehicles", key);

        Assert.Equal($"key:{id}", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Key_WithoutThePermission_IsAnswered403NamingIt()
    {
        var (_, key) = await app.CreateKeyAsync(Permissions.PositionsWrite);

        var problem = await AccessApp.BodyAsync(await app.GetAsync("/probe/vehicles", key), 403);

        Assert.Equal(Permissions.VehiclesRead, problem.GetProperty("permission").GetString());
        Assert.Contains(Permissions.VehiclesRead, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyAndToken_Together_AreAnswered401AskingForOne()
    {
        var (_, key) = await app.CreateKeyAsync(Permissions.VehiclesRead);
        var token = await app.AdminTokenAsync();

        foreach (var answer in new[]
        {
            await app.GetAsync("/probe/vehicles", key, token),
            await app.GetAsync($"/hubs/dispatch?access_token={token}", key),
            await app.GetAsync($"/hubs/dispatch?access_token={token}", bearer: token),
            await app.GetAsync($"/probe/path/{key}", bearer: token),
        })
        {
            var problem = await AccessApp.BodyAsync(answer, 401);
            Assert.Contains("send one", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task KeyInThePath_WhereTheEndpointSaysSo_IsTheCaller()
    {
        var (id, key) = await app.CreateKeyAsync(Permissions.PositionsWrite);

        Assert.Equal($"key:{id}", await (await app.GetAsync($"/probe/path/{key}")).Content.ReadAsStringAsync());
        await AccessApp.BodyAsync(await app.GetAsync("/probe/path/nonsense"), 401);
    }

    [Fact]
    public async Task UnknownPathAndMethod_Stay404And405()
    {
        Assert.Equal(404, (int)(await app.GetAsync("/nothing/here")).StatusCode);
        Assert.Equal(405, (int)(await app.SendAsync(HttpMethod.Delete, "/probe/vehicles")).StatusCode);
    }

    [Fact]
    public async Task Me_ByKeyAndByToken_SaysWhoAndWhat()
    {
        var (id, key) = await app.CreateKeyAsync(Permissions.PositionsWrite, Permissions.VehiclesRead);

        var byKey = await AccessApp.BodyAsync(await app.GetAsync("/api/auth/me", key), 200);
        var byToken = await AccessApp.BodyAsync(await app.GetAsync("/api/auth/me", bearer: await app.AdminTokenAsync()), 200);

        Assert.Equal(("key", id), (byKey.GetProperty("kind").GetString(), byKey.GetProperty("id").GetGuid()));
        Assert.Equal(2, byKey.GetProperty("permissions").GetArrayLength());
        Assert.Equal(("user", AccessApp.AdminEmail, "admin"),
            (byToken.GetProperty("kind").GetString(), byToken.GetProperty("email").GetString(), byToken.GetProperty("role").GetString()));
        Assert.Equal(Permissions.All.Count, byToken.GetProperty("permissions").GetArrayLength());
    }
}
