using System.Buffers.Binary;
using System.Text.Json;
using System.Threading.RateLimiting;
using ChargeCars.Identity.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Identity;

[Collection(AccessCollection.Name)]
public sealed class LoginTests(AccessApp app)
{
    private const string Password = "a password of a test";

    [Fact]
    public async Task Login_WithTheRightPassword_GivesATokenAndTheUser()
    {
        var answer = await LoginAsync(" admin@EXAMPLE.com ", AccessApp.AdminPassword);

        var body = await AccessApp.BodyAsync(answer, 200);
        Assert.Equal(app.Time.GetUtcNow().AddMinutes(15), body.GetProperty("expiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        Assert.StartsWith("cr_", body.GetProperty("refreshToken").GetString(), StringComparison.Ordinal);
        Assert.Equal(app.Time.GetUtcNow().AddDays(30), body.GetProperty("refreshExpiresAt").GetDateTimeOffset(), TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(body.GetProperty("refreshToken").GetString()!, app.Log.Text, StringComparison.Ordinal);
        Assert.Equal("admin", body.GetProperty("user").GetProperty("role").GetString());
        Assert.True(answer.Headers.CacheControl?.NoStore);
        var token = body.GetProperty("accessToken").GetString();
        Assert.Equal(200, (int)(await app.GetAsync("/probe/vehicles", bearer: token)).StatusCode);
        Assert.DoesNotContain(token!, app.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(AccessApp.AdminPassword, app.Log.Text, StringComparison.Ordinal);
        Assert.Equal(app.Time.GetUtcNow().UtcDateTime, await app.ValueAsync<DateTime>(
            "SELECT u.last_login FROM user_account u JOIN contact c ON c.id = u.contact_id WHERE c.email = 'Admin@Example.com'"));
    }

    [Fact]
    public async Task Login_UnknownWrongClosedOrLocked_GetsOneAnswer()
    {
        var hash = app.Passwords.Hash(Password);
        await app.CreateUserAsync("wrong@example.com", hash);
        await app.ExecuteAsync("UPDATE user_account SET is_active = false WHERE id = $1", await app.CreateUserAsync("inactive@example.com", hash));
        await app.ExecuteAsync("UPDATE user_account SET account_locked_until = $2 WHERE id = $1",
            await app.CreateUserAsync("locked@example.com", hash), app.Time.GetUtcNow().AddMinutes(1).UtcDateTime);
        await app.CreateUserAsync("twice@example.com", hash);
        await app.CreateUserAsync("Twice@example.com", hash);
        await app.CreateUserAsync("broken@example.com", "not a hash");

        HashSet<string> answers = [];
        foreach (var (email, password) in new[]
        {
            ("nobody@example.com", Password), ("wrong@example.com", Password + "x"), ("inactive@example.com", Password),
            ("locked@example.com", Password), ("twice@example.com", Password), ("broken@example.com", Password),
        })
        {
            var problem = await AccessApp.BodyAsync(await LoginAsync(email, password), 401);
            answers.Add($"{problem.GetProperty("type")} {problem.GetProperty("title")} {problem.GetProperty("detail")}");
        }

        Assert.Single(answers);
    }

    [Fact]
    public async Task Login_ThatFails_IsCountedUntilOneSucceeds()
    {
        var id = await app.CreateUserAsync("counted@example.com", app.Passwords.Hash(Password));
        await LoginAsync("counted@example.com", "wrong");
        await LoginAsync("counted@example.com", "wrong");
        Assert.Equal(2, await app.ValueAsync<int>("SELECT login_attempts FROM user_account WHERE id = $1", id));

        await AccessApp.BodyAsync(await LoginAsync("counted@example.com", Password), 200);

        Assert.Equal(0, await app.ValueAsync<int>("SELECT login_attempts FROM user_account WHERE id = $1", id));
    }

    [Theory]
    [InlineData(null, null, "email,password")]
    [InlineData("", " ", "email,password")]
    [InlineData("a@example.com", null, "password")]
    [InlineData("a\0@example.com", "x", "email")]
    public async Task Login_WithABlank_IsAnswered400NamingIt(string? email, string? password, string fields)
    {
        var problem = await AccessApp.BodyAsync(await LoginAsync(email, password), 400);

        Assert.Equal(fields.Split(','), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Login_WithAHashOfFewerIterations_IsRehashed()
    {
        var id = await app.CreateUserAsync("old@example.com", app.Hasher.Hash(Password, iterations: 10_000));

        await AccessApp.BodyAsync(await LoginAsync("old@example.com", Password), 200);

        var hash = Convert.FromBase64String(await app.ValueAsync<string>("SELECT password FROM user_account WHERE id = $1", id));
        Assert.Equal(220_000, BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(5)));
        await AccessApp.BodyAsync(await LoginAsync("old@example.com", Password), 200);
    }

    [Fact]
    public void Verify_ByTheRealHasher_KnowsThePasswordAndHashesOfFewerIterations()
    {
        using var passwords = new Passwords();
        var (hash, old) = (passwords.Hash(Password), new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = 10_000 })).HashPassword(new(), Password));

        Assert.Equal(220_000, BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(hash).AsSpan(5)));
        Assert.Equal(PasswordVerificationResult.Success, passwords.Verify(hash, Password));
        Assert.Equal(PasswordVerificationResult.Failed, passwords.Verify(hash, Password + "x"));
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, passwords.Verify(old, Password));
    }

    /// <summary>Not by the clock: by the work, which is what takes the time, and by every answer until the lockout and in it.</summary>
    [Theory]
    [InlineData("closed")]
    [InlineData("without a password")]
    [InlineData("with a broken hash")]
    [InlineData("with a password")]
    public async Task Guesses_AtAnAccountAndAtNone_AreTheSameWorkAndTheSameAnswers(string account)
    {
        var email = $"{Guid.NewGuid():n}@example.com";
        var id = await app.CreateUserAsync(email, account switch
        {
            "without a password" => "",
            "with a broken hash" => "not a hash",
            _ => app.Passwords.Hash(Password),
        });
        await app.ExecuteAsync("UPDATE user_account SET is_active = $2 WHERE id = $1", id, account != "closed");

        var (known, unknown) = (await GuessAsync(email), await GuessAsync($"{Guid.NewGuid():n}@example.com"));

        Assert.Equal(unknown, known);
        Assert.Equal(LockoutPolicy.Limit, known.Count(guess => guess.Iterations == Passwords.Iterations));
        Assert.All(known.Skip(LockoutPolicy.Limit), guess => Assert.Equal(0, guess.Iterations));

        async Task<List<(int Iterations, string Answer)>> GuessAsync(string address)
        {
            List<(int, string)> guesses = [];
            for (var n = 0; n < LockoutPolicy.Limit + 2; n++)
            {
                var before = app.Hasher.Iterations;
                var problem = await AccessApp.BodyAsync(await LoginAsync(address, $"guess {n}"), 401);
                guesses.Add((app.Hasher.Iterations - before, $"{problem.GetProperty("type")} {problem.GetProperty("title")} {problem.GetProperty("detail")}"));
            }

            return guesses;
        }
    }

    /// <summary>What verifying costs is all in the hash's header: function, iterations, length of salt and of result.</summary>
    [Fact]
    public void UnknownUser_IsVerifiedWithTheSameWorkAndNeverRight()
    {
        const int Header = 13;
        using var passwords = new Passwords();
        var (known, unknown) = (Convert.FromBase64String(passwords.Hash(Password)), Convert.FromBase64String(Passwords.Dummy()));

        Assert.Equal(known[..Header], unknown[..Header]);
        Assert.Equal(known.Length, unknown.Length);
        Assert.Equal(PasswordVerificationResult.Failed, passwords.Verify(null, Password));
    }

    [Fact]
    public async Task Logins_MoreThanMayWait_AreAnswered429()
    {
        var turns = app.Passwords.Turns;
        var held = new List<RateLimitLease>();
        for (var i = 0; i < Passwords.AtATime; i++)
        {
            held.Add(turns.AttemptAcquire());
        }

        var waiting = Enumerable.Range(0, Passwords.Waiting).Select(_ => turns.AcquireAsync().AsTask()).ToList();

        var answer = await LoginAsync(AccessApp.AdminEmail, AccessApp.AdminPassword);

        await AccessApp.BodyAsync(answer, 429);
        Assert.NotNull(answer.Headers.RetryAfter);
        held.ForEach(lease => lease.Dispose());
        foreach (var lease in waiting)
        {
            (await lease).Dispose();
        }

        await AccessApp.BodyAsync(await LoginAsync(AccessApp.AdminEmail, AccessApp.AdminPassword), 200);
    }

    [Fact]
    public async Task Login_OfAPartnerRole_IsLimitedToItsOrganizationOrToNothing()
    {
        var (partner, hash) = (Guid.CreateVersion7(), app.Passwords.Hash(Password));
        await app.ExecuteAsync("INSERT INTO organization (id, name) VALUES ($1, 'Partner')", partner);
        var role = $"partner-{Guid.NewGuid()}";
        await app.ExecuteAsync("""
            INSERT INTO user_role (id, role_name, permissions)
            VALUES ($1, $2, '{"resources": ["vehicles.read"], "data_filters": {"organization_scope": "partner"}}')
            """, Guid.NewGuid(), role);
        await app.CreateUserAsync("nobodys@example.com", hash, role);
        await app.ExecuteAsync("UPDATE user_account SET user_organization_id = $2 WHERE id = $1", await app.CreateUserAsync("partner@example.com", hash, role), partner);

        var without = (await AccessApp.BodyAsync(await LoginAsync("nobodys@example.com", Password), 200)).GetProperty("user");
        var with = (await AccessApp.BodyAsync(await LoginAsync("partner@example.com", Password), 200)).GetProperty("user");

        Assert.Equal(0, without.GetProperty("permissions").GetArrayLength());
        Assert.Equal((1, partner), (with.GetProperty("permissions").GetArrayLength(), with.GetProperty("partnerOrganizationId").GetGuid()));
    }

    private Task<HttpResponseMessage> LoginAsync(string? email, string? password) =>
        app.SendAsync(HttpMethod.Post, "/api/auth/login", body: new { email, password });
}
