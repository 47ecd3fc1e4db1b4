using System.Text;
using ChargeCars.Api.Identity;
using ChargeCars.Platform.Secrets;
using ChargeCars.Platform.Storage;
using ChargeCars.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChargeCars.Tests.Identity;

[Collection(AccessCollection.Name)]
public sealed class AccessTokenTests(AccessApp app)
{
    private SecurityKey Key => app.Services.GetRequiredService<SigningKeys>().Current;

    [Fact]
    public async Task Token_OfALogin_IsTaken() => Assert.Equal(200, await StatusAsync(await app.AdminTokenAsync()));

    [Fact]
    public async Task Token_MadeByTheTestAsTheHostDoes_IsTaken() => Assert.Equal(200, await StatusAsync(await MakeAsync()));

    [Fact]
    public async Task Token_Tampered_IsRefused()
    {
        var parts = (await app.AdminTokenAsync()).Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace("\"sub\":\"0", "\"sub\":\"1", StringComparison.Ordinal);

        Assert.Equal(401, await StatusAsync($"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}"));
        Assert.Equal(401, await StatusAsync($"{parts[0]}.{parts[1]}."));
        Assert.Equal(401, await StatusAsync($"{parts[0]}.{parts[1]}"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    public async Task Token_WithAlgorithmNone_IsRefused(string algorithm)
    {
        var payload = (await app.AdminTokenAsync()).Split('.')[1];
        foreach (var kid in new[] { "", $",\"kid\":\"{Key.KeyId}\"" })
        {
            var header = Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"at+jwt"{{kid}}}""");
            Assert.Equal(401, await StatusAsync($"{header}.{payload}."));
        }
    }

    [Fact]
    public async Task Token_OfAnotherKey_IsRefused()
    {
        var other = Encoding.UTF8.GetBytes(new string('k', 64));

        Assert.Equal(401, await StatusAsync(await MakeAsync(new SymmetricSecurityKey(other) { KeyId = Key.KeyId })));
        Assert.Equal(401, await StatusAsync(await MakeAsync(new SymmetricSecurityKey(other) { KeyId = Guid.NewGuid().ToString() })));
        Assert.Equal(401, await StatusAsync(await MakeAsync(new SymmetricSecurityKey(((SymmetricSecurityKey)Key).Key))));
    }

    [Theory]
    [InlineData(SecurityAlgorithms.HmacSha384, "at+jwt", "chargecars", "chargecars-api")]
    [InlineData(SecurityAlgorithms.HmacSha512, "at+jwt", "chargecars", "chargecars-api")]
    [InlineData(SecurityAlgorithms.HmacSha256, "JWT", "chargecars", "chargecars-api")]
    [InlineData(SecurityAlgorithms.HmacSha256, "challenge+jwt", "chargecars", "chargecars-api")]
    [InlineData(SecurityAlgorithms.HmacSha256, "at+jwt", "somebody", "chargecars-api")]
    [InlineData(SecurityAlgorithms.HmacSha256, "at+jwt", "chargecars", "somewhere")]
    public async Task Token_OfAnotherAlgorithmTypeIssuerOrAudience_IsRefused(string algorithm, string type, string issuer, string audience) =>
        Assert.Equal(401, await StatusAsync(await MakeAsync(algorithm: algorithm, type: type, issuer: issuer, audience: audience)));

    [Fact]
    public async Task Token_WithoutExpiry_IsRefused() => Assert.Equal(401, await StatusAsync(await MakeAsync(expires: false)));

    [Fact]
    public async Task Token_After15Minutes_IsRefusedAsExpired()
    {
        var token = await app.AdminTokenAsync();
        app.Time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        Assert.Equal(200, await StatusAsync(token));
        app.Time.Advance(TimeSpan.FromSeconds(1));

        var answer = await app.GetAsync("/probe/vehicles", bearer: token);

        Assert.Equal("The access token has expired.", (await AccessApp.BodyAsync(answer, 401)).GetProperty("detail").GetString());
        Assert.Contains(answer.Headers.WwwAuthenticate, way => way.Parameter?.Contains("invalid_token", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Token_InTheQuery_CountsForTheHubAlone()
    {
        var token = await app.AdminTokenAsync();

        Assert.Equal(200, (int)(await app.GetAsync($"/hubs/dispatch?access_token={token}")).StatusCode);
        await AccessApp.BodyAsync(await app.GetAsync($"/probe/vehicles?access_token={token}"), 401);
        await AccessApp.BodyAsync(await app.GetAsync($"/hubs/dispatch?access_token={token}x"), 401);
        Assert.DoesNotContain(token, app.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("access_token=", app.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_OfAClosedAccount_IsRefusedOnceTheAccountIsForgotten()
    {
        var id = await app.CreateUserAsync("closed@example.com", "-");
        var token = await app.TokenOfAsync(id);
        Assert.Equal(200, await StatusAsync(token));
        await app.ExecuteAsync("UPDATE user_account SET is_active = false WHERE id = $1", id);
        app.Services.GetRequiredService<UserDirectory>().Forget(id);

        Assert.Equal(401, await StatusAsync(token));
    }

    [Fact]
    public async Task Token_OfARoleThatLosesAPermission_LosesItToo()
    {
        var role = $"role-{Guid.NewGuid()}";
        await app.ExecuteAsync("""INSERT INTO user_role (id, role_name, permissions) VALUES ($1, $2, '{"resources": ["vehicles.read"]}')""", Guid.NewGuid(), role);
        var token = await app.TokenOfAsync(await app.CreateUserAsync($"{role}@example.com", "-", role));
        Assert.Equal(200, await StatusAsync(token));
        await app.ExecuteAsync("""UPDATE user_role SET permissions = '{"resources": []}' WHERE role_name = $1""", role);
        app.Time.Advance(FreshLookup<object>.Freshness);

        Assert.Equal(403, await StatusAsync(token));
    }

    [Fact]
    public async Task SigningKey_OfTwoHostsThatStartTogether_IsOne()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await new MigrationRunner(database.DataSource, NullLogger<MigrationRunner>.Instance)
            .RunAsync(CancellationToken.None);
        var secrets = app.Services.GetRequiredService<SecretBox>();
        SigningKeys[] hosts = [new(database.DataSource, secrets, app.Time), new(database.DataSource, secrets, app.Time)];

        await Task.WhenAll(hosts.Select(host => host.EnsureAsync(CancellationToken.None)));

        Assert.Equal(hosts[0].Current.KeyId, hosts[1].Current.KeyId);
        Assert.Equal(((SymmetricSecurityKey)hosts[0].Current).Key, ((SymmetricSecurityKey)hosts[1].Current).Key);
    }

    [Fact]
    public async Task SigningKey_AfterAMonth_IsFollowedByOneThatSignsOnceEveryHostHasIt()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(app.Time.GetUtcNow());
        var keys = new SigningKeys(database.DataSource, app.Services.GetRequiredService<SecretBox>(), time);
        await keys.EnsureAsync(CancellationToken.None);
        var first = keys.Current.KeyId;
        time.Advance(SigningKeys.RotateAfter);

        await keys.EnsureAsync(CancellationToken.None);

        Assert.Equal(first, keys.Current.KeyId);
        time.Advance(SigningKeys.SignAfter);
        Assert.NotEqual(first, keys.Current.KeyId);
        Assert.Single(keys.Named(first));
        time.Advance(SigningKeys.KeepAfter);
        await keys.EnsureAsync(CancellationToken.None);
        Assert.Empty(keys.Named(first));
        Assert.Single(keys.Named(keys.Current.KeyId));
    }

    private async Task<int> StatusAsync(string token)
    {
        var answer = await app.GetAsync("/probe/vehicles", bearer: token);
        if ((int)answer.StatusCode == 401)
        {
            await AccessApp.BodyAsync(answer, 401);
        }

        return (int)answer.StatusCode;
    }

    private async Task<string> MakeAsync(
        SecurityKey? key = null, string algorithm = SecurityAlgorithms.HmacSha256, string type = "at+jwt",
        string issuer = "chargecars", string audience = "chargecars-api", bool expires = true)
    {
        var now = app.Time.GetUtcNow().UtcDateTime;
        var real = new JsonWebToken(await app.AdminTokenAsync());
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = type,
            Issuer = issuer,
            Audience = audience,
            IssuedAt = now,
            Expires = expires ? now.AddMinutes(5) : null,
            Claims = new Dictionary<string, object> { ["sub"] = real.Subject, ["sid"] = real.GetClaim("sid").Value },
            SigningCredentials = new(key ?? Key, algorithm),
        });
    }
}
