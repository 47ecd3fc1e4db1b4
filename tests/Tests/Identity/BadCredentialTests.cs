using System.Text;
using ChargeCars.Api.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChargeCars.Tests.Identity;

/// <summary>Credentials that are none, or in the wrong place: each is refused, the audit says so, and no log line has it.</summary>
[Collection(AccessCollection.Name)]
public sealed class BadCredentialTests(AccessApp app)
{
    private SymmetricSecurityKey Key => (SymmetricSecurityKey)app.Services.GetRequiredService<SigningKeys>().Current;

    [Fact]
    public async Task Token_OfEachBadKind_IsRefusedAuditedAndInNoLog()
    {
        var good = await app.AdminTokenAsync();
        var parts = good.Split('.');
        var stranger = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(new string('k', 64)));
        var tokens = new Dictionary<string, string>
        {
            ["tampered"] = $"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("\"sub\":\"0", "\"sub\":\"1", StringComparison.Ordinal))}.{parts[2]}",
            ["unsigned"] = $"{parts[0]}.{parts[1]}.",
            ["alg none"] = $"{Base64UrlEncoder.Encode($$"""{"alg":"none","typ":"at+jwt","kid":"{{Key.KeyId}}"}""")}.{parts[1]}.",
            ["foreign key"] = Make(stranger, null),
            ["foreign key with our kid"] = Make(new(stranger.Key) { KeyId = Key.KeyId }, null),
            ["brings its own key (jwk)"] = Make(stranger, new() { ["jwk"] = new Dictionary<string, object> { ["kty"] = "oct", ["k"] = Base64UrlEncoder.Encode(stranger.Key), ["kid"] = Key.KeyId } }),
            ["names where its key is (jku)"] = Make(stranger, new() { ["jku"] = "https://keys.example.com/jwks" }),
            ["kid as a path"] = Make(new(stranger.Key) { KeyId = "../../dev/null" }, null),
            ["signed with a public text"] = Make(new(Encoding.UTF8.GetBytes(Key.KeyId.PadRight(64))) { KeyId = Key.KeyId }, null),
            ["second factor's challenge"] = app.Services.GetRequiredService<AccessTokens>().Challenge(await app.AdminIdAsync(), "0000000000000000"),
        };
        await WrittenAsync();
        var before = await RefusedAsync("The access token is not valid.");

        foreach (var (kind, token) in tokens)
        {
            var answer = await app.GetAsync("/probe/vehicles", bearer: token);
            Assert.True(401 == (int)answer.StatusCode, $"{kind}: {(int)answer.StatusCode}");
            await AccessApp.BodyAsync(answer, 401);
        }

        await WrittenAsync();
        Assert.Equal(before + tokens.Count, await RefusedAsync("The access token is not valid."));
        Assert.All(tokens.Values.Append(good), token => Assert.DoesNotContain(token, app.Log.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Token_Expired_IsRefusedAndAudited()
    {
        var token = await app.AdminTokenAsync();
        app.Time.Advance(TimeSpan.FromMinutes(15));
        await WrittenAsync();
        var before = await RefusedAsync("The access token has expired.");

        await AccessApp.BodyAsync(await app.GetAsync("/probe/vehicles", bearer: token), 401);

        await WrittenAsync();
        Assert.Equal(before + 1, await RefusedAsync("The access token has expired."));
    }

    [Fact]
    public async Task Credentials_InTheWrongPlace_OpenNothing()
    {
        var (_, key) = await app.CreateKeyAsync(Permissions.VehiclesRead, Permissions.PositionsWrite);
        var login = await app.SignInAsync(await app.AdminIdAsync());
        string[] elsewhere =
        [
            $"/probe/vehicles?access_token={login.AccessToken}", $"/probe/vehicles?token={login.AccessToken}", $"/probe/vehicles?X-Api-Key={key}",
            $"/hubs/dispatch?access_token={key}", $"/hubs/dispatch?access_token={login.RefreshToken}", $"/hubs/dispatch?key={key}",
            $"/probe/path/{login.AccessToken}",
        ];
        foreach (var path in elsewhere)
        {
            await AccessApp.BodyAsync(await app.GetAsync(path), 401);
        }

        Assert.Equal(200, (int)(await app.GetAsync($"/probe/path/{key}")).StatusCode); // where it may be, and yet in no log
        await AccessApp.BodyAsync(await app.GetAsync("/probe/vehicles", key: login.AccessToken), 401);
        await AccessApp.BodyAsync(await app.GetAsync("/probe/vehicles", key: login.RefreshToken), 401);
        await AccessApp.BodyAsync(await app.GetAsync("/probe/vehicles", bearer: key), 401);
        await AccessApp.BodyAsync(await app.GetAsync("/probe/vehicles", bearer: login.RefreshToken), 401);
        foreach (var wrong in new[] { login.AccessToken[..190], key })
        {
            await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/auth/refresh", body: new { refreshToken = wrong }), 401);
        }

        await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/auth/two-factor", body: new { challenge = login.AccessToken, code = "000000" }), 400);
        await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Post, "/api/auth/password/reset", body: new { token = login.RefreshToken, password = "a new password" }), 400);
        Assert.All([login.AccessToken, login.RefreshToken, key[36..]], secret => Assert.DoesNotContain(secret, app.Log.Text, StringComparison.Ordinal));
    }

    private Task WrittenAsync() => app.Services.GetRequiredService<RefusedCredentials>().WriteAsync();

    /// <summary>How many refusals of a reason the audit has: each of its rows says how many it stands for.</summary>
    private Task<long> RefusedAsync(string reason) => app.ValueAsync<long>("""
        SELECT coalesce(sum(substring(change_summary FROM 'refused, (\d+) times')::bigint), 0)::bigint
        FROM audit_log WHERE change_summary LIKE 'Credentials refused, %' AND change_summary LIKE '%' || $1
        """, reason);

    private string Make(SymmetricSecurityKey key, Dictionary<string, object>? header)
    {
        var now = app.Time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = "chargecars",
            Audience = "chargecars-api",
            IssuedAt = now,
            Expires = now.AddMinutes(5),
            Claims = new Dictionary<string, object> { ["sub"] = Guid.NewGuid().ToString(), ["sid"] = Guid.NewGuid().ToString() },
            AdditionalHeaderClaims = header,
            SigningCredentials = new(key, SecurityAlgorithms.HmacSha256),
        });
    }
}
