using ChargeCars.Identity.Accounts;
using OtpNet;

namespace ChargeCars.Tests.Identity;

/// <summary>A password that is checked in a session: strangers' guesses do not bar its owner, and the session's own are limited.</summary>
[Collection(AccessCollection.Name)]
public sealed class SessionPasswordTests(AccessApp app)
{
    private const string Password = "a password of a test";
    private const string Other = "another password of it";

    [Fact]
    public async Task Change_WhileStrangersAreLockedOut_IsEvaluated()
    {
        var (id, email) = await NewAsync();
        var token = await LoginAsync(email);
        await LockStrangersOutAsync(id);

        Assert.Equal(204, (int)(await ChangeAsync(token, Password)).StatusCode);
    }

    [Fact]
    public async Task Disable_WhileStrangersAreLockedOut_IsEvaluated()
    {
        var (id, email) = await NewAsync();
        var token = await LoginAsync(email);
        var totp = await EnableAsync(token);
        await LockStrangersOutAsync(id);

        var answer = await PostAsync("two-factor/disable", new { password = Password, code = totp.ComputeTotp(app.Time.GetUtcNow().UtcDateTime) }, token);

        Assert.Equal(204, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Change_AfterTooManyWrongOnes_IsAnswered429AndNotEvaluated()
    {
        var (id, email) = await NewAsync();
        var token = await LoginAsync(email);
        for (var n = 0; n < LockoutPolicy.Limit; n++)
        {
            await AccessApp.BodyAsync(await ChangeAsync(token, $"guess {n}"), 400);
        }

        var before = app.Hasher.Iterations;
        var refused = await ChangeAsync(token, Password);

        var problem = await AccessApp.BodyAsync(refused, 429);
        Assert.Equal("/problems/too-many-attempts", problem.GetProperty("type").GetString());
        Assert.Equal(LockoutPolicy.First, refused.Headers.RetryAfter?.Delta);
        Assert.Equal(before, app.Hasher.Iterations);
        Assert.Equal(0, await app.ValueAsync<int>("SELECT login_attempts FROM user_account WHERE id = $1", id)); // strangers have failed at nothing
        app.Time.Advance(LockoutPolicy.First);
        Assert.Equal(204, (int)(await ChangeAsync(token, Password)).StatusCode);
    }

    [Fact]
    public async Task Disable_AfterTooManyWrongCodes_IsAnswered429()
    {
        var (_, email) = await NewAsync();
        var token = await LoginAsync(email);
        var totp = await EnableAsync(token);
        for (var n = 0; n < LockoutPolicy.Limit; n++)
        {
            await AccessApp.BodyAsync(await PostAsync("two-factor/disable", new { password = Password, code = "000000" }, token), 400);
        }

        var code = totp.ComputeTotp(app.Time.GetUtcNow().UtcDateTime);

        await AccessApp.BodyAsync(await PostAsync("two-factor/disable", new { password = Password, code }, token), 429);
    }

    [Fact]
    public async Task Changes_TwoHundredAtOnce_AreEvaluatedNoMoreThanTheLimit()
    {
        var (_, email) = await NewAsync();
        var token = await LoginAsync(email);
        var before = app.Hasher.Iterations;

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => ChangeAsync(token, $"guess {n}")));

        Assert.All(answers, answer => Assert.True((int)answer.StatusCode is 400 or 429 or 503, $"{(int)answer.StatusCode}"));
        Assert.Equal(LockoutPolicy.Limit, answers.Count(answer => (int)answer.StatusCode == 400));
        Assert.Equal(LockoutPolicy.Limit * Passwords.Iterations, app.Hasher.Iterations - before);
    }

    private async Task<(Guid Id, string Email)> NewAsync()
    {
        var email = $"{Guid.NewGuid():n}@example.com";
        return (await app.CreateUserAsync(email, app.Passwords.Hash(Password)), email);
    }

    private async Task LockStrangersOutAsync(Guid id)
    {
        for (var n = 0; n < LockoutPolicy.Limit; n++)
        {
            await app.Grains.GetGrain<IUserAccountGrain>(id).LoginAsync(
                "guess", knownAddress: false, new(Guid.CreateVersion7(), new(ActorKind.User, id, "guesser"), IpAddress: "203.0.113.9"));
        }

        Assert.True(await app.ValueAsync<DateTime>("SELECT account_locked_until FROM user_account WHERE id = $1", id) > app.Time.GetUtcNow().UtcDateTime);
    }

    private async Task<Totp> EnableAsync(string token)
    {
        var setup = await AccessApp.BodyAsync(await PostAsync("two-factor/setup", null, token), 200);
        var totp = new Totp(Base32Encoding.ToBytes(setup.GetProperty("secret").GetString()!));
        await AccessApp.BodyAsync(await PostAsync("two-factor/enable", new { password = Password, code = totp.ComputeTotp(app.Time.GetUtcNow().UtcDateTime) }, token), 200);
        app.Time.Advance(TimeSpan.FromSeconds(60)); // the code that enabled it has counted
        return totp;
    }

    private async Task<string> LoginAsync(string email) =>
        (await AccessApp.BodyAsync(await PostAsync("login", new { email, password = Password }), 200)).GetProperty("accessToken").GetString()!;

    private Task<HttpResponseMessage> ChangeAsync(string token, string current) =>
        PostAsync("password/change", new { currentPassword = current, password = Other }, token);

    private Task<HttpResponseMessage> PostAsync(string path, object? body, string? bearer = null) =>
        app.SendAsync(HttpMethod.Post, $"/api/auth/{path}", bearer: bearer, body: body);
}
