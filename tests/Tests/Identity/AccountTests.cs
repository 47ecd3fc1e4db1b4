using System.Text.Json;
using ChargeCars.Identity.Accounts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using OtpNet;

namespace ChargeCars.Tests.Identity;

/// <summary>Passwords, lockout and links, over HTTP and the real grain.</summary>
[Collection(AccessCollection.Name)]
public sealed class AccountTests(AccessApp app)
{
    private const string Password = "a password of a test";
    private const string Other = "another password of it";

    [Fact]
    public async Task Guesses_TwoHundredAtOnce_AreEvaluatedFiveTimes()
    {
        var (id, email) = await NewAsync();
        var grain = app.Grains.GetGrain<IUserAccountGrain>(id);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => grain.LoginAsync($"guess {n}", knownAddress: false, Context(id))));

        Assert.All(outcomes, outcome => Assert.Equal(LoginOutcome.Refused, outcome.Outcome));
        Assert.Equal(LockoutPolicy.Limit, await RefusedAsync(id, "Login refused: wrong password"));
        Assert.Equal(1, await RefusedAsync(id, "Login refused: locked"));
        await AccessApp.BodyAsync(await LoginAsync(email), 401);
        app.Time.Advance(LockoutPolicy.First);
        await AccessApp.BodyAsync(await LoginAsync(email), 200);
        Assert.Equal(1, await RefusedAsync(id, $"Login refused: locked, {200 - LockoutPolicy.Limit} times more")); // with the one over HTTP
    }

    [Fact]
    public async Task Guesses_TwoHundredAtOnceOverHttp_AreEvaluatedNoMoreThanTheLimit()
    {
        var (id, email) = await NewAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => LoginAsync(email, $"guess {n}")));

        Assert.All(answers, answer => Assert.True((int)answer.StatusCode is 401 or 429, $"{(int)answer.StatusCode}"));
        Assert.Equal(LockoutPolicy.Limit, await RefusedAsync(id, "Login refused: wrong password"));
        Assert.DoesNotContain("guess 1", app.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lockout_ByStrangers_DoesNotBarAnAddressThatTheAccountKnows()
    {
        var (id, email) = await NewAsync();
        await AccessApp.BodyAsync(await LoginAsync(email), 200);
        for (var n = 0; n < LockoutPolicy.Limit; n++)
        {
            await app.Grains.GetGrain<IUserAccountGrain>(id).LoginAsync("guess", knownAddress: false, Context(id));
        }

        Assert.Equal(new(LoginOutcome.Refused), await app.Grains.GetGrain<IUserAccountGrain>(id).LoginAsync(Password, knownAddress: false, Context(id)));

        await AccessApp.BodyAsync(await LoginAsync(email), 200);
    }

    /// <summary>Whoever guesses for ever locks every address that the account does not know; its owner's link opens it, and makes the address known.</summary>
    [Fact]
    public async Task Lockout_KeptUpByAGuesser_KeepsNoOwnerOutWhoHasTheirMail()
    {
        var (id, email) = await NewAsync();
        async Task GuessAsync()
        {
            for (var n = 0; n < LockoutPolicy.Limit; n++)
            {
                await app.Grains.GetGrain<IUserAccountGrain>(id).LoginAsync("guess", knownAddress: false, Context(id));
            }
        }

        await GuessAsync();
        await AccessApp.BodyAsync(await LoginAsync(email), 401); // the owner, from an address that the account does not know
        await PostAsync("password/forgot", new { email });
        Assert.Equal(204, (int)(await PostAsync("password/reset", new { token = await app.Sent.TokenAsync(email), password = Other })).StatusCode);

        await AccessApp.BodyAsync(await LoginAsync(email, Other), 200);
        await GuessAsync();
        Assert.True(await app.ValueAsync<DateTime>("SELECT account_locked_until FROM user_account WHERE id = $1", id) > app.Time.GetUtcNow().UtcDateTime);
        await AccessApp.BodyAsync(await LoginAsync(email, Other), 200);
    }

    [Fact]
    public void Lockout_Grows_AndNeverBeyondAQuarterOfAnHour()
    {
        var delays = Enumerable.Range(0, 60).Select(LockoutPolicy.DelayAfter).ToList();

        Assert.All(delays.Take(LockoutPolicy.Limit), delay => Assert.Equal(TimeSpan.Zero, delay));
        Assert.Equal(delays.Order(), delays);
        Assert.Equal(TimeSpan.FromMinutes(15), delays[^1]);
    }

    [Fact]
    public async Task Reset_ByItsLink_CountsOnceAndEndsEverySession()
    {
        var (id, email) = await NewAsync();
        var session = await app.SignInAsync(id);
        Assert.Equal(202, (int)(await PostAsync("password/forgot", new { email })).StatusCode);
        var token = await app.Sent.TokenAsync(email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync("password/reset", new { token, password = Other })));

        Assert.Equal([204, 400, 400, 400], answers.Select(answer => (int)answer.StatusCode).Order());
        Assert.Equal(3, await RefusedAsync(id, "Password reset refused"));
        Assert.Equal(401, (int)(await app.GetAsync("/probe/vehicles", bearer: session.AccessToken)).StatusCode);
        await AccessApp.BodyAsync(await LoginAsync(email), 401);
        await AccessApp.BodyAsync(await LoginAsync(email, Other), 200);
        Assert.DoesNotContain(token[32..], app.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Other, app.Log.Text, StringComparison.Ordinal);
        Assert.True(await app.ValueAsync<bool>("SELECT email_verified FROM user_account WHERE id = $1", id));
    }

    [Fact]
    public async Task Reset_AfterAnHourOrWithAnothersToken_IsRefused()
    {
        var ((id, email), (other, _)) = (await NewAsync(), await NewAsync());
        await PostAsync("password/forgot", new { email });
        var token = await app.Sent.TokenAsync(email);

        await AccessApp.BodyAsync(await PostAsync("password/reset", new { token = $"{other:n}{token[32..]}", password = Other }), 400);
        await AccessApp.BodyAsync(await PostAsync("password/reset", new { token = $"{Guid.NewGuid():n}{token[32..]}", password = Other }), 400);
        await AccessApp.BodyAsync(await PostAsync("password/reset", new { token = $"{id:n}{token[33..]}", password = Other }), 400);
        Assert.True((await AccessApp.BodyAsync(await PostAsync("password/reset", new { token, password = "short" }), 400))
            .GetProperty("errors").TryGetProperty("password", out _));
        app.Time.Advance(TimeSpan.FromHours(1));
        await AccessApp.BodyAsync(await PostAsync("password/reset", new { token, password = Other }), 400);
    }

    [Fact]
    public async Task Forgot_AgainAndAgain_SendsOneMailAQuarter_AndLeavesItsLinkAlone()
    {
        var (id, email) = await NewAsync();
        await PostAsync("password/forgot", new { email });
        var token = await app.Sent.TokenAsync(email);

        for (var n = 0; n < 5; n++)
        {
            Assert.Equal(202, (int)(await PostAsync("password/forgot", new { email })).StatusCode);
        }

        // One after them of another account, so that they are through.
        var (_, after) = await NewAsync();
        await PostAsync("password/forgot", new { email = after });
        await app.Sent.TokenAsync(after);
        Assert.False(app.Sent.Any(email));
        // Somebody who is helped by an administrator need not wait, and a stranger can't use that up.
        Assert.Equal(200, (int)(await app.SendAsync(HttpMethod.Post, $"/api/users/{id}/actions/send_reset", bearer: await app.AdminTokenAsync())).StatusCode);
        token = await app.Sent.TokenAsync(email);
        app.Time.Advance(AccountDecider.MailInterval - TimeSpan.FromSeconds(1));
        await PostAsync("password/forgot", new { email });
        Assert.Equal(204, (int)(await PostAsync("password/reset", new { token, password = Other })).StatusCode);
        await PostAsync("password/forgot", new { email }); // the link is used: there may be a next one
        await app.Sent.TokenAsync(email);
    }

    [Fact]
    public async Task Verification_AskedForAgain_IsAnswered429AndTheLinkCounts()
    {
        var (id, email) = await NewAsync();
        var session = await app.SignInAsync(id);
        await PostAsync("email/send", null, session.AccessToken);
        var token = await app.Sent.TokenAsync(email);

        var again = await PostAsync("email/send", null, session.AccessToken);

        await AccessApp.BodyAsync(again, 429);
        Assert.Equal(TimeSpan.FromMinutes(15), again.Headers.RetryAfter?.Delta);
        Assert.Equal(204, (int)(await PostAsync("email/verify", new { token })).StatusCode);
    }

    [Fact]
    public async Task EverySession_Ended_EndsInOneTransactionWithAnAuditRowEach()
    {
        var (id, _) = await NewAsync();
        var sessions = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => app.TokenOfAsync(id)));

        Assert.Equal(204, (int)(await app.SendAsync(HttpMethod.Delete, "/api/auth/sessions", bearer: sessions[0])).StatusCode);

        foreach (var session in sessions)
        {
            Assert.Equal(401, (int)(await app.GetAsync("/probe/vehicles", bearer: session)).StatusCode);
        }

        Assert.Equal("5 rows, 5 sessions, 1 transaction", await app.ValueAsync<string>("""
            SELECT format('%s rows, %s sessions, %s transaction', count(*), count(DISTINCT record_id), count(DISTINCT a.xmin::text))
            FROM audit_log a WHERE change_summary = 'Revoked by its owner' AND (new_values ->> 'revoked')::boolean
              AND (business_context ->> 'version')::int = 2 AND record_id IN (SELECT id FROM user_session WHERE user_id = $1)
            """, id));
        Assert.Equal(5L, await app.ValueAsync<long>("""
            SELECT count(*) FROM change_event
            WHERE type = 'user_session.revoked' AND entity_id IN (SELECT id FROM user_session WHERE user_id = $1)
            """, id));
    }

    [Fact]
    public async Task Forgot_OfAnAddressWithoutAnAccount_IsAnsweredAlikeAndSendsNothing()
    {
        var (_, email) = await NewAsync();

        Assert.Equal(202, (int)(await PostAsync("password/forgot", new { email = "nobody-there@example.com" })).StatusCode);
        await PostAsync("password/forgot", new { email });
        await app.Sent.TokenAsync(email); // the later one has gone out, so the earlier one would have

        Assert.False(app.Sent.Any("nobody-there@example.com"));
    }

    [Fact]
    public async Task Verification_ByTheTokenThatWasSent_CountsOnce()
    {
        var (id, email) = await NewAsync();
        var session = await app.SignInAsync(id);
        Assert.Equal(202, (int)(await PostAsync("email/send", null, session.AccessToken)).StatusCode);
        var token = await app.Sent.TokenAsync(email);

        Assert.Equal(204, (int)(await PostAsync("email/verify", new { token })).StatusCode);

        await AccessApp.BodyAsync(await PostAsync("email/verify", new { token }), 400);
        Assert.True(await app.ValueAsync<bool>("SELECT email_verified FROM user_account WHERE id = $1", id));
    }

    [Fact]
    public async Task Change_NeedsTheCurrentPasswordAndKeepsThisSessionAlone()
    {
        var (id, email) = await NewAsync();
        var (mine, elsewhere) = (await app.SignInAsync(id), await app.SignInAsync(id));

        await AccessApp.BodyAsync(await PostAsync("password/change", new { currentPassword = "wrong", password = Other }, mine.AccessToken), 400);
        Assert.Equal(204, (int)(await PostAsync("password/change", new { currentPassword = Password, password = Other }, mine.AccessToken)).StatusCode);

        Assert.Equal(200, (int)(await app.GetAsync("/probe/vehicles", bearer: mine.AccessToken)).StatusCode);
        Assert.Equal(401, (int)(await app.GetAsync("/probe/vehicles", bearer: elsewhere.AccessToken)).StatusCode);
        await AccessApp.BodyAsync(await LoginAsync(email, Other), 200);
    }

    [Fact]
    public async Task TwoFactor_AsksForACodeThatCountsOnce()
    {
        var (id, email) = await NewAsync();
        var (totp, _) = await EnableAsync(id);
        var challenge = await ChallengeAsync(email);
        var code = totp.ComputeTotp(app.Time.GetUtcNow().UtcDateTime);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => PostAsync("two-factor", new { challenge, code })));

        Assert.Equal(1, answers.Count(answer => (int)answer.StatusCode == 200));
        Assert.All(answers.Where(answer => (int)answer.StatusCode != 200), answer => Assert.Equal(401, (int)answer.StatusCode));
        Assert.DoesNotContain(challenge, app.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Challenge_OpensNothingElse_AndNothingElseOpensIt()
    {
        var (id, email) = await NewAsync();
        await EnableAsync(id);
        var (challenge, session) = (await ChallengeAsync(email), await app.SignInAsync(id));

        await AccessApp.BodyAsync(await app.GetAsync("/api/auth/me", bearer: challenge), 401);
        await AccessApp.BodyAsync(await PostAsync("refresh", new { refreshToken = challenge[..150] }), 401);
        await AccessApp.BodyAsync(await PostAsync("two-factor", new { challenge = session.AccessToken, code = "123456" }), 400);
        app.Time.Advance(TimeSpan.FromMinutes(5));
        await AccessApp.BodyAsync(await PostAsync("two-factor", new { challenge, code = "123456" }), 400);
    }

    [Fact]
    public async Task Challenge_AfterThePasswordWasChanged_IsVoid()
    {
        var (id, email) = await NewAsync();
        var (totp, codes) = await EnableAsync(id);
        var (challenge, session) = (await ChallengeAsync(email), await app.SignInAsync(id));
        Assert.Equal(204, (int)(await PostAsync("password/change", new { currentPassword = Password, password = Other }, session.AccessToken)).StatusCode);

        foreach (var code in new[] { totp.ComputeTotp(app.Time.GetUtcNow().UtcDateTime), codes[0] })
        {
            var problem = await AccessApp.BodyAsync(await PostAsync("two-factor", new { challenge, code }), 400);
            Assert.True(problem.GetProperty("errors").TryGetProperty("challenge", out _));
        }

        Assert.Equal(2, await RefusedAsync(id, "Login refused: the password was changed since"));
        var next = (await AccessApp.BodyAsync(await LoginAsync(email, Other), 200)).GetProperty("challenge").GetString();
        await AccessApp.BodyAsync(await PostAsync("two-factor", new { challenge = next, code = codes[0] }), 200); // it was not used up
    }

    [Fact]
    public void AuthenticatorKey_SwappedWithAnotherRows_TakesNoCode()
    {
        var authenticator = new Authenticator(new(new EphemeralDataProtectionProvider()), NullLogger<Authenticator>.Instance);
        var (id, now) = (Guid.NewGuid(), app.Time.GetUtcNow());
        var (seal, setup) = authenticator.Create(id, "somebody");
        var code = new Totp(Base32Encoding.ToBytes(setup.Secret.Text)).ComputeTotp(now.UtcDateTime);

        Assert.NotNull(authenticator.StepOf(new() { Id = id, TwoFactorSecret = seal }, code, now));
        Assert.Null(authenticator.StepOf(new() { Id = Guid.NewGuid(), TwoFactorSecret = seal }, code, now));
    }

    [Fact]
    public async Task RecoveryCode_StandsInForTheAuthenticatorOnce()
    {
        var (id, email) = await NewAsync();
        var (_, codes) = await EnableAsync(id);
        Assert.Equal(10, codes.Distinct().Count());

        await AccessApp.BodyAsync(await PostAsync("two-factor", new { challenge = await ChallengeAsync(email), code = codes[3].ToUpperInvariant() }), 200);

        await AccessApp.BodyAsync(await PostAsync("two-factor", new { challenge = await ChallengeAsync(email), code = codes[3] }), 401);
        await AccessApp.BodyAsync(await PostAsync("two-factor", new { challenge = await ChallengeAsync(email), code = codes[4] }), 200);
    }

    [Fact]
    public async Task Codes_OfAGuesserWhoHasThePassword_AreLimitedToo()
    {
        var (id, email) = await NewAsync();
        await EnableAsync(id);
        var grain = app.Grains.GetGrain<IUserAccountGrain>(id);

        for (var n = 0; n < 20; n++)
        {
            await grain.LoginAsync(Password, knownAddress: false, Context(id));
            await grain.SecondFactorAsync($"{n:000000}", await app.PasswordMarkAsync(id), knownAddress: false, Context(id));
        }

        Assert.Equal(LockoutPolicy.Limit, await RefusedAsync(id, "Login refused: wrong code"));
        Assert.NotEqual("", email);
    }

    [Fact]
    public async Task Disable_NeedsBothFactors()
    {
        var (id, email) = await NewAsync();
        var (totp, _) = await EnableAsync(id);
        var token = (await app.SignInAsync(id)).AccessToken;
        string Code() => totp.ComputeTotp(app.Time.GetUtcNow().UtcDateTime);

        await AccessApp.BodyAsync(await PostAsync("two-factor/disable", new { password = "wrong", code = Code() }, token), 400);
        await AccessApp.BodyAsync(await PostAsync("two-factor/disable", new { password = Password, code = "000000" }, token), 400);
        await AccessApp.BodyAsync(await PostAsync("two-factor/setup", null, token), 409);
        Assert.Equal(204, (int)(await PostAsync("two-factor/disable", new { password = Password, code = Code() }, token)).StatusCode);

        await AccessApp.BodyAsync(await LoginAsync(email), 200);
    }

    [Fact]
    public async Task Secrets_OfAnAccount_AreInNoAuditRow()
    {
        var (id, email) = await NewAsync();
        var (_, codes) = await EnableAsync(id);
        await PostAsync("password/forgot", new { email });
        await PostAsync("password/reset", new { token = await app.Sent.TokenAsync(email), password = Other });

        var audit = await app.ValueAsync<string>(
            "SELECT string_agg(concat(old_values, new_values, change_summary), ' ') FROM audit_log WHERE record_id = $1", id);
        var row = await app.ValueAsync<string>(
            "SELECT concat_ws(' ', password, two_factor_secret, recovery_code_hashes[1]) FROM user_account WHERE id = $1", id);

        Assert.Contains("(secret)", audit, StringComparison.Ordinal);
        Assert.All(row.Split(' '), secret => Assert.DoesNotContain(secret, audit, StringComparison.Ordinal));
        Assert.All(codes, code => Assert.DoesNotContain(code, app.Log.Text, StringComparison.Ordinal));
    }

    /// <summary>Whoever finds a session open must not lock its owner out by an authenticator of their own.</summary>
    [Fact]
    public async Task TwoFactor_EnabledWithoutThePassword_IsRefused()
    {
        var (id, email) = await NewAsync();
        var token = (await app.SignInAsync(id)).AccessToken;
        var secret = (await AccessApp.BodyAsync(await PostAsync("two-factor/setup", null, token), 200)).GetProperty("secret").GetString()!;
        var code = new Totp(Base32Encoding.ToBytes(secret)).ComputeTotp(app.Time.GetUtcNow().UtcDateTime);

        var without = await AccessApp.BodyAsync(await PostAsync("two-factor/enable", new { code }, token), 400);
        var wrong = await AccessApp.BodyAsync(await PostAsync("two-factor/enable", new { password = "not the password", code }, token), 400);

        Assert.True(without.GetProperty("errors").TryGetProperty("password", out _));
        Assert.True(wrong.GetProperty("errors").TryGetProperty("password", out _));
        Assert.True((await AccessApp.BodyAsync(await LoginAsync(email), 200)).TryGetProperty("accessToken", out _));
    }

    [Theory]
    [InlineData("password1234")]
    [InlineData("Welkom123456!")]
    [InlineData("P@ssw0rd2026!")]
    public async Task Password_ThatIsTriedFirst_IsRefused(string password)
    {
        var (id, _) = await NewAsync();
        var token = (await app.SignInAsync(id)).AccessToken;

        var problem = await AccessApp.BodyAsync(await PostAsync("password/change", new { currentPassword = Password, password }, token), 400);

        Assert.Contains("guessers try first", problem.GetProperty("errors").GetProperty("password")[0].GetString(), StringComparison.Ordinal);
    }

    private async Task<(Guid Id, string Email)> NewAsync()
    {
        var email = $"{Guid.NewGuid():n}@example.com";
        return (await app.CreateUserAsync(email, app.Passwords.Hash(Password)), email);
    }

    private async Task<(Totp Totp, string[] Codes)> EnableAsync(Guid id)
    {
        var token = (await app.SignInAsync(id)).AccessToken;
        var setup = await AccessApp.BodyAsync(await PostAsync("two-factor/setup", null, token), 200);
        Assert.Contains("<svg", setup.GetProperty("qrCode").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("otpauth://totp/ChargeCars:", setup.GetProperty("uri").GetString(), StringComparison.Ordinal);
        var secret = setup.GetProperty("secret").GetString()!;
        var totp = new Totp(Base32Encoding.ToBytes(secret));
        await AccessApp.BodyAsync(await PostAsync("two-factor/enable", new { password = Password, code = "12345" }, token), 400);
        var answer = await AccessApp.BodyAsync(
            await PostAsync("two-factor/enable", new { password = Password, code = totp.ComputeTotp(app.Time.GetUtcNow().UtcDateTime) }, token), 200);
        app.Time.Advance(TimeSpan.FromSeconds(60)); // the code that enabled it has counted
        Assert.DoesNotContain(secret, app.Log.Text, StringComparison.Ordinal);
        return (totp, answer.GetProperty("codes").Deserialize<string[]>()!);
    }

    private async Task<string> ChallengeAsync(string email)
    {
        var body = await AccessApp.BodyAsync(await LoginAsync(email), 200);
        Assert.True(body.GetProperty("twoFactorRequired").GetBoolean());
        Assert.False(body.TryGetProperty("accessToken", out _));
        return body.GetProperty("challenge").GetString()!;
    }

    private Task<HttpResponseMessage> LoginAsync(string email, string password = Password) => PostAsync("login", new { email, password });

    private Task<HttpResponseMessage> PostAsync(string path, object? body, string? bearer = null) =>
        app.SendAsync(HttpMethod.Post, $"/api/auth/{path}", bearer: bearer, body: body);

    private Task<long> RefusedAsync(Guid id, string summary) =>
        app.ValueAsync<long>("SELECT count(*) FROM audit_log WHERE record_id = $1 AND change_summary = $2", id, summary);

    private static CommandContext Context(Guid id) => new(Guid.CreateVersion7(), new(ActorKind.User, id, "guesser"), IpAddress: "203.0.113.9");
}
