using ChargeCars.Api.Identity;
using ChargeCars.Identity.Accounts;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Identity;

/// <summary>
/// What a guesser sees of the lockout is the same at an account and at an address without one, whatever happens in between. That an attempt was
/// evaluated shows in its time; here it is counted, as the work of a hash.
/// </summary>
[Collection(AccessCollection.Name)]
public sealed class LockoutTests(AccessApp app)
{
    private const string Password = "a password of a test";

    [Fact]
    public async Task Lockout_AfterARestart_GoesOnAtAnAccountAndAtNone()
    {
        var addresses = await AccountAndNoneAsync();
        foreach (var address in addresses)
        {
            for (var n = 0; n < LockoutPolicy.Limit; n++)
            {
                Assert.True(await IsEvaluatedAsync(address));
            }
        }

        await app.ForgetGrainsAsync();

        foreach (var address in addresses)
        {
            Assert.False(await IsEvaluatedAsync(address));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Guesses_WithWaitsAndRestartsBetweenThem_AreEvaluatedAlike(int seed)
    {
        var addresses = await AccountAndNoneAsync();
        var (random, steps) = (new Random(seed), new List<string>());
        for (var step = 0; step < 40; step++)
        {
            switch (random.Next(10))
            {
                case 0:
                    steps.Add("restart");
                    await app.ForgetGrainsAsync();
                    break;
                case 1:
                    // About a day, a minute more or less around the end of what is remembered among them.
                    var hours = random.Next(20, 27);
                    steps.Add($"{hours} h");
                    app.Time.Leap(TimeSpan.FromHours(hours));
                    await Retention.DeleteExpiredAsync(CancellationToken.None);
                    break;
                case 2 or 3:
                    var wait = TimeSpan.FromSeconds(random.Next(30, 1_000));
                    steps.Add($"{wait}");
                    app.Time.Leap(wait);
                    break;
                default:
                    var (known, none) = (await IsEvaluatedAsync(addresses[0]), await IsEvaluatedAsync(addresses[1]));
                    steps.Add(known ? "evaluated" : "not evaluated");
                    Assert.True(known == none, $"After {string.Join(", ", steps)} at an account, and {(none ? "" : "not ")}evaluated at none.");
                    break;
            }
        }

        Assert.Contains("evaluated", steps);
        Assert.Contains("not evaluated", steps);
    }

    /// <summary>A count that ended when the owner logs in would tell whoever counts along that there is an owner.</summary>
    [Fact]
    public async Task Failures_OfStrangers_GoOnToCountWhenTheOwnerLogsInFromAKnownAddress()
    {
        var email = (await AccountAndNoneAsync())[0];
        await AccessApp.BodyAsync(await LoginAsync(email, Password), 200); // makes the address known
        var id = await AccountIdAsync(email);
        for (var n = 0; n < LockoutPolicy.Limit - 1; n++)
        {
            await GuessAsync(id);
        }

        await AccessApp.BodyAsync(await LoginAsync(email, Password), 200);
        await GuessAsync(id);

        var before = app.Hasher.Iterations;
        await GuessAsync(id);
        Assert.Equal(before, app.Hasher.Iterations);
    }

    [Fact]
    public async Task Failures_FromAKnownAddress_AreRememberedOverARestart_UntilASuccess()
    {
        var email = (await AccountAndNoneAsync())[0];
        await AccessApp.BodyAsync(await LoginAsync(email, Password), 200);
        for (var n = 0; n < LockoutPolicy.Limit; n++)
        {
            Assert.True(await IsEvaluatedAsync(email));
        }

        await app.ForgetGrainsAsync();

        Assert.False(await IsEvaluatedAsync(email));
        app.Time.Advance(LockoutPolicy.First);
        await AccessApp.BodyAsync(await LoginAsync(email, Password), 200);
        Assert.Equal(0L, await app.ValueAsync<long>("SELECT count(*) FROM login_failure WHERE account_id = $1", await AccountIdAsync(email)));
    }

    [Fact]
    public async Task Guesses_AtManyMadeUpAddresses_LeaveARowEachForADay_AndOneAMinuteInTheAudit()
    {
        const int Addresses = 20;
        var refused = app.Services.GetRequiredService<RefusedCredentials>();
        app.Time.Leap(LoginFailureRetention.Retention + LockoutPolicy.Longest); // what other tests left is forgotten
        await Retention.DeleteExpiredAsync(CancellationToken.None);
        await refused.WriteAsync();
        var before = await app.ValueAsync<long>("SELECT count(*) FROM audit_log");
        for (var n = 0; n < Addresses; n++)
        {
            var email = $"{Guid.NewGuid():n}@example.com";
            for (var guess = 0; guess < LockoutPolicy.Limit; guess++)
            {
                await AccessApp.BodyAsync(await LoginAsync(email, "guess"), 401);
            }
        }

        await refused.WriteAsync();

        Assert.Equal(before + 1, await app.ValueAsync<long>("SELECT count(*) FROM audit_log"));
        Assert.Equal(1L, await app.ValueAsync<long>("SELECT count(*) FROM audit_log WHERE change_summary = $1",
            $"Credentials refused, {Addresses * LockoutPolicy.Limit} times within a minute: No account has the email address."));
        Assert.Equal(Addresses, await Retention.DeleteExpiredAsync(CancellationToken.None) + await app.ValueAsync<long>("SELECT count(*) FROM login_failure"));
        app.Time.Leap(LoginFailureRetention.Retention + LockoutPolicy.First);
        Assert.Equal(Addresses, await Retention.DeleteExpiredAsync(CancellationToken.None));
    }

    private LoginFailureRetention Retention => new(app.Database, app.Time);

    private async Task<string[]> AccountAndNoneAsync()
    {
        string[] addresses = [$"{Guid.NewGuid():n}@example.com", $"{Guid.NewGuid():n}@example.com"];
        await app.CreateUserAsync(addresses[0], app.Passwords.Hash(Password));
        return addresses;
    }

    private Task<Guid> AccountIdAsync(string email) =>
        app.ValueAsync<Guid>("SELECT u.id FROM user_account u JOIN contact c ON c.id = u.contact_id WHERE c.email = $1", email);

    private Task<LoginResult> GuessAsync(Guid id) => app.Grains.GetGrain<IUserAccountGrain>(id).LoginAsync(
        "guess", knownAddress: false, new(Guid.CreateVersion7(), new(ActorKind.User, id, "guesser"), IpAddress: "203.0.113.9"));

    private async Task<bool> IsEvaluatedAsync(string email)
    {
        var before = app.Hasher.Iterations;
        await AccessApp.BodyAsync(await LoginAsync(email, "guess"), 401);
        return app.Hasher.Iterations > before;
    }

    private Task<HttpResponseMessage> LoginAsync(string email, string password) =>
        app.SendAsync(HttpMethod.Post, "/api/auth/login", body: new { email, password });
}
