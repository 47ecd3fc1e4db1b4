using ChargeCars.Api.Identity;
using ChargeCars.Platform.Storage;
using ChargeCars.Identity.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Identity;

/// <summary>What access costs a request that is not the first, and what it leaves behind.</summary>
[Collection(AccessCollection.Name)]
public sealed class WarmRequestTests(AccessApp app)
{
    [Fact]
    public async Task Request_WithATokenOrAKey_AsksTheDatabaseNothingOnceWarm()
    {
        var (token, key) = (await app.AdminTokenAsync(), (await app.CreateKeyAsync("vehicles.read")).Key);
        await AskAsync(1);
        using var statements = new StatementCounter(app.Database);

        await AskAsync(50);

        Assert.Equal(0, statements.Count);
        app.Services.GetRequiredService<UserDirectory>().ForgetAll();
        await AskAsync(1);
        Assert.Equal(1, statements.Count); // it hears this database

        async Task AskAsync(int times)
        {
            for (var n = 0; n < times; n++)
            {
                Assert.Equal(200, (int)(await app.GetAsync("/probe/vehicles", bearer: token)).StatusCode);
                Assert.Equal(200, (int)(await app.GetAsync("/probe/vehicles", key: key)).StatusCode);
            }
        }
    }

    [Fact]
    public async Task Credentials_ThatAreRefused_AreOneAuditRowAReason()
    {
        var refused = app.Services.GetRequiredService<RefusedCredentials>();
        await refused.WriteAsync();
        for (var n = 0; n < 3; n++)
        {
            await app.GetAsync("/probe/vehicles", bearer: "no.such.token");
        }

        await refused.WriteAsync();

        Assert.Equal(1L, await app.ValueAsync<long>(
            "SELECT count(*) FROM audit_log WHERE change_summary = 'Credentials refused, 3 times within a minute: The access token is not valid.' AND ip_address = '127.0.0.1'"));
    }

    [Fact]
    public async Task Session_AQuarterAfterItsEnd_IsDeletedWithItsFormerTokens()
    {
        var login = await app.SignInAsync(await app.CreateUserAsync($"{Guid.NewGuid():n}@example.com", "-"));
        await app.SendAsync(HttpMethod.Post, "/api/auth/refresh", body: new { refreshToken = login.RefreshToken });
        var retention = new SessionRetention(app.Database, app.Time);
        Task<long> CountAsync() => app.ValueAsync<long>(
            "SELECT count(*) FROM user_session s JOIN former_refresh_token f ON f.session_id = s.id WHERE s.user_id = $1", login.User.Id!.Value);
        app.Time.Leap(TimeSpan.FromDays(30) + SessionRetention.Retention);
        await retention.DeleteExpiredAsync(CancellationToken.None);
        Assert.Equal(1, await CountAsync());
        app.Time.Advance(TimeSpan.FromSeconds(1));

        await retention.DeleteExpiredAsync(CancellationToken.None);

        Assert.Equal(0, await CountAsync());
    }
}
