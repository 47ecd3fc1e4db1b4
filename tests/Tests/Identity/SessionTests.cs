using System.Text.Json;
using ChargeCars.Identity.Accounts;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Identity.Sessions;
using FsCheck.Xunit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Identity;

[Collection(AccessCollection.Name)]
public sealed class SessionTests(AccessApp app)
{
    [Fact]
    public async Task Refresh_GivesNewTokensAndTheUser_AndBothAccessTokensCount()
    {
        var login = await NewAsync();

        var body = await AccessApp.BodyAsync(await RefreshAsync(login.RefreshToken), 200);

        Assert.NotEqual(login.RefreshToken, Refreshed(body));
        Assert.Equal(login.User.Email, body.GetProperty("user").GetProperty("email").GetString());
        Assert.Equal(login.RefreshExpiresAt, body.GetProperty("refreshExpiresAt").GetDateTimeOffset());
        Assert.Equal(200, await StatusAsync(body.GetProperty("accessToken").GetString()!));
        Assert.Equal(200, await StatusAsync(login.AccessToken));
    }

    [Fact]
    public async Task Refresh_OfTheSameTokenTwiceInAMoment_GivesTheSameSuccessor()
    {
        var login = await NewAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
            Refreshed(await AccessApp.BodyAsync(await RefreshAsync(login.RefreshToken), 200))));

        var successor = Assert.Single(answers.Distinct());
        await AccessApp.BodyAsync(await RefreshAsync(successor), 200);
    }

    [Fact]
    public async Task Refresh_Replayed_EndsTheSessionAndEveryTokenOfIt()
    {
        var login = await NewAsync();
        var second = Refreshed(await AccessApp.BodyAsync(await RefreshAsync(login.RefreshToken), 200));
        app.Time.Advance(TimeSpan.FromSeconds(31));

        await AccessApp.BodyAsync(await RefreshAsync(login.RefreshToken), 401);

        await AccessApp.BodyAsync(await RefreshAsync(second), 401);
        Assert.Equal(401, await StatusAsync(login.AccessToken));
        Assert.Equal("A refresh token was used again", await app.ValueAsync<string>(
            "SELECT revoke_reason FROM user_session WHERE user_id = $1", login.User.Id!.Value));
    }

    [Fact]
    public async Task Refresh_OfATokenThatIsTwoGenerationsOld_IsAReplayAlsoWithinTheGrace()
    {
        var login = await NewAsync();
        var second = Refreshed(await AccessApp.BodyAsync(await RefreshAsync(login.RefreshToken), 200));
        var third = Refreshed(await AccessApp.BodyAsync(await RefreshAsync(second), 200));

        await AccessApp.BodyAsync(await RefreshAsync(login.RefreshToken), 401);

        await AccessApp.BodyAsync(await RefreshAsync(third), 401);
    }

    [Fact]
    public async Task Refresh_OfAForgedToken_IsRefusedAndHarmsNobody()
    {
        var login = await NewAsync();
        SecretText.RefreshToken.TryRead(login.RefreshToken, out var id, out var secret);
        secret![0] ^= 1;

        await AccessApp.BodyAsync(await RefreshAsync(SecretText.RefreshToken.Write(id, secret)), 401);
        await AccessApp.BodyAsync(await RefreshAsync(SecretText.RefreshToken.Write(Guid.NewGuid(), secret)), 401);
        await AccessApp.BodyAsync(await RefreshAsync(login.AccessToken[..190]), 401);

        await AccessApp.BodyAsync(await RefreshAsync(login.RefreshToken), 200);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Refresh_WithoutAToken_IsAnswered400(string? token) =>
        Assert.True((await AccessApp.BodyAsync(await RefreshAsync(token), 400)).GetProperty("errors").TryGetProperty("refreshToken", out _));

    [Fact]
    public async Task Session_Unused_EndsAfterAWeek_AndUsedAfterThirtyDays()
    {
        var (idle, used) = (await NewAsync(), await NewAsync());
        var token = used.RefreshToken;
        for (var day = 0; day < 29; day += 4)
        {
            token = Refreshed(await AccessApp.BodyAsync(await RefreshAsync(token), 200));
            app.Time.Leap(TimeSpan.FromDays(4));
        }

        await AccessApp.BodyAsync(await RefreshAsync(idle.RefreshToken), 401);
        await AccessApp.BodyAsync(await RefreshAsync(token), 401);
    }

    /// <summary>The password was right, and was changed before the session was there: the change did not see it, so it must not stay.</summary>
    [Fact]
    public async Task Login_WhosePasswordIsChangedMeanwhile_OpensNoSession()
    {
        var id = await UserAsync();

        Assert.Null(await app.Services.GetRequiredService<SignIn>().OpenAsync(id, PasswordMark.Of("the former one"), new DefaultHttpContext()));

        Assert.Equal("The password was changed", await app.ValueAsync<string>("SELECT string_agg(revoke_reason, ',') FROM user_session WHERE user_id = $1", id));
    }

    [Fact]
    public async Task Logout_EndsItsSessionAtOnceAndNoOther()
    {
        var id = await UserAsync();
        var (first, second) = (await app.SignInAsync(id), await app.SignInAsync(id));

        Assert.Equal(204, (int)(await app.SendAsync(HttpMethod.Post, "/api/auth/logout", bearer: first.AccessToken)).StatusCode);

        Assert.Equal(401, await StatusAsync(first.AccessToken));
        await AccessApp.BodyAsync(await RefreshAsync(first.RefreshToken), 401);
        Assert.Equal(200, await StatusAsync(second.AccessToken));
    }

    [Fact]
    public async Task Sessions_AreListedAndRevokedByTheirOwnerAlone()
    {
        var (id, stranger) = (await UserAsync(), await NewAsync());
        var (first, second) = (await app.SignInAsync(id), await app.SignInAsync(id));

        var list = (await AccessApp.BodyAsync(await app.GetAsync("/api/auth/sessions", bearer: first.AccessToken), 200)).GetProperty("items");

        Assert.Equal(2, list.GetArrayLength());
        var other = list.EnumerateArray().Single(session => !session.GetProperty("current").GetBoolean()).GetProperty("id").GetGuid();
        await AccessApp.BodyAsync(await app.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{other}", bearer: stranger.AccessToken), 404);
        await AccessApp.BodyAsync(await app.GetAsync($"/api/auth/sessions/{other}", bearer: stranger.AccessToken), 404);
        Assert.Equal(200, await StatusAsync(second.AccessToken));
        Assert.Equal(204, (int)(await app.SendAsync(HttpMethod.Delete, $"/api/auth/sessions/{other}", bearer: first.AccessToken)).StatusCode);
        Assert.Equal(401, await StatusAsync(second.AccessToken));
        Assert.Equal(204, (int)(await app.SendAsync(HttpMethod.Delete, "/api/auth/sessions", bearer: first.AccessToken)).StatusCode);
        Assert.Equal(401, await StatusAsync(first.AccessToken));
    }

    [Fact]
    public async Task Sessions_OfAnApiKey_AreRefused() =>
        await AccessApp.BodyAsync(await app.GetAsync("/api/auth/sessions", key: (await app.CreateKeyAsync("vehicles.read")).Key), 403);

    [Fact]
    public async Task Session_IsAuditedWithoutItsToken()
    {
        var login = await NewAsync();
        await RefreshAsync(login.RefreshToken);

        var audit = await app.ValueAsync<string>(
            "SELECT string_agg(action || change_summary || new_values::text, ' ' ORDER BY created_at, id) FROM audit_log WHERE table_name = 'user_session' AND record_id = (SELECT id FROM user_session WHERE user_id = $1)",
            login.User.Id!.Value);

        Assert.Contains("CREATELogin", audit, StringComparison.Ordinal);
        Assert.Contains("UPDATERefresh", audit, StringComparison.Ordinal);
        Assert.Contains("\"token_hash\": \"(secret)\"", audit, StringComparison.Ordinal);
        var hash = await app.ValueAsync<string>("SELECT token_hash FROM user_session WHERE user_id = $1", login.User.Id.Value);
        Assert.DoesNotContain(hash, audit, StringComparison.Ordinal);
    }

    [Property(MaxTest = 200)]
    public void Decision_OfAnyToken_IsNeverKinderThanItsSession(bool revoked, bool open, bool current, bool former, ushort age)
    {
        var (now, options) = (new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), new SessionOptions());
        byte[] secret = [1, 2, 3], salt = [4, 5];
        var session = new Session(Guid.NewGuid(), now.AddDays(-1), Guid.NewGuid(), null, null, now, now.AddDays(1), revoked, null, 1);
        var currentHash = RefreshDecider.HashOf(current ? secret : RefreshDecider.Successor(secret, salt));

        var decision = RefreshDecider.Decide(
            new(session, open, currentHash, former ? salt : null, former ? now.AddSeconds(-age) : null), secret, options, now);

        Assert.Equal(
            revoked || !open ? RefreshDecision.Refused
            : current ? RefreshDecision.Rotate
            : !former ? RefreshDecision.Refused
            : age < 30 ? RefreshDecision.Repeat : RefreshDecision.Replayed,
            decision);
    }

    private async Task<Guid> UserAsync() => await app.CreateUserAsync($"{Guid.NewGuid():n}@example.com", "-");

    private async Task<LoginAnswer> NewAsync() => await app.SignInAsync(await UserAsync());

    private Task<HttpResponseMessage> RefreshAsync(string? refreshToken) =>
        app.SendAsync(HttpMethod.Post, "/api/auth/refresh", body: new { refreshToken });

    private static string Refreshed(JsonElement body) => body.GetProperty("refreshToken").GetString()!;

    private async Task<int> StatusAsync(string token) => (int)(await app.GetAsync("/probe/vehicles", bearer: token)).StatusCode;
}
