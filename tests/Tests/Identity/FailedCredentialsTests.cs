using System.Net;
using System.Security.Cryptography;
using ChargeCars.Api.Identity;

namespace ChargeCars.Tests.Identity;

/// <summary>What a flood of made-up credentials costs beyond its quota, and whom it bars.</summary>
public sealed class FailedCredentialsTests : IAsyncLifetime
{
    private const int Burst = 5;

    private readonly AccessApp _app = new() { FailedCredentials = new() { PerSecond = 1, Burst = Burst } };

    public Task InitializeAsync() => _app.InitializeAsync();

    public Task DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task MadeUpKeys_BeyondTheQuota_AreAnswered429AndNeverLookedUp()
    {
        using var statements = new StatementCounter(_app.Database);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => _app.GetAsync("/probe/vehicles", key: MadeUpKey())));

        Assert.Equal(Burst, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(Burst, statements.Count);
        var refused = answers.Where(answer => answer.StatusCode != HttpStatusCode.Unauthorized).ToList();
        foreach (var answer in refused)
        {
            await AccessApp.BodyAsync(answer, 429);
            Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }

        var lines = Lines();
        foreach (var (path, key, bearer) in new (string, string?, string?)[]
        {
            ("/probe/vehicles", MadeUpKey(), null), ("/probe/vehicles", "none", null), ("/probe/vehicles", null, "not.a.token"),
            ($"/probe/path/{MadeUpKey()}", null, null), ("/hubs/dispatch?access_token=not.a.token", null, null),
            ("/probe/vehicles", MadeUpKey(), "not.a.token"),
        })
        {
            await AccessApp.BodyAsync(await _app.GetAsync(path, key, bearer), 429);
        }

        Assert.Equal(Burst, statements.Count);
        Assert.Equal(lines, Lines());
        Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync("/probe/open")).StatusCode); // who claims to be nobody is not meant
        _app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await _app.GetAsync("/probe/vehicles", key: MadeUpKey())).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await _app.GetAsync("/probe/vehicles", key: MadeUpKey())).StatusCode);
    }

    [Fact]
    public async Task KnownCallers_BehindTheAddressOfAFlood_GoOn()
    {
        var (token, known, unread) = (await _app.AdminTokenAsync(), (await _app.CreateKeyAsync("vehicles.read")).Key, (await _app.CreateKeyAsync("vehicles.read")).Key);
        Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync("/probe/vehicles", key: known)).StatusCode);
        await FloodAsync();

        // As often as they like, and when what is remembered of the key has to be read again.
        for (var n = 0; n < 2; n++)
        {
            Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync("/probe/vehicles", key: known)).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync("/probe/vehicles", bearer: token)).StatusCode);
            _app.Time.Advance(ApiKeyDirectory.Freshness);
            await FloodAsync();
        }

        // Others wait for their turn, which costs them nothing once it has come.
        await AccessApp.BodyAsync(await _app.GetAsync("/probe/vehicles", key: unread), 429);
        _app.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync("/probe/vehicles", key: unread)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _app.GetAsync("/probe/vehicles", key: MadeUpKey())).StatusCode);
    }

    [Fact]
    public async Task Secrets_GuessedForAKnownKey_AreLimitedToo()
    {
        var (id, key) = await _app.CreateKeyAsync("vehicles.read");
        Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync("/probe/vehicles", key: key)).StatusCode);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => _app.GetAsync("/probe/vehicles", key: MadeUpKey(id))));

        Assert.Equal(Burst, answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync("/probe/vehicles", key: key)).StatusCode);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    [InlineData(null, "")]
    public void Network_OfAnAddress_IsWhatOneClientHas(string? address, string network) =>
        Assert.Equal(network, RequestOrigin.NetworkOf(address is null ? null : IPAddress.Parse(address)));

    private static string MadeUpKey(Guid? id = null) => SecretText.ApiKey.Write(id ?? Guid.NewGuid(), RandomNumberGenerator.GetBytes(32));

    private async Task FloodAsync()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Burst + 1).Select(_ => _app.GetAsync("/probe/vehicles", key: MadeUpKey())));

        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
    }

    /// <summary>What the host says of requests at the level at which hosts log; the grains beside it speak of other things.</summary>
    private int Lines() => _app.Log.Lines.Count(line => (line.StartsWith("ChargeCars.Api", StringComparison.Ordinal) || line.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal))
        && (line.Contains(" Information ", StringComparison.Ordinal) || line.Contains(" Warning ", StringComparison.Ordinal) || line.Contains(" Error ", StringComparison.Ordinal)));
}
