using System.Net;
using System.Net.Http.Json;

namespace ChargeCars.Tests.Hosting;

/// <summary>A host behind a reverse proxy that it knows, and clients that claim to be somebody else, through it and past it.</summary>
public sealed class KnownProxyTests(KnownProxyTests.ProxiedHost proxied) : IClassFixture<KnownProxyTests.ProxiedHost>
{
    private const string Proxy = "127.0.0.9";
    private const string Spoofed = "203.0.113.7";

    private readonly string _agent = $"proxy-tests/{Guid.NewGuid():n}";
    private readonly RunningHost _host = proxied.Host;
    private readonly Forwarder _proxy = proxied.Proxy;

    [LoopbackFact]
    public async Task Quotas_BehindAProxy_AreEachClientsOwn_WhateverTheyClaim()
    {
        using var greedy = Client("127.0.0.21", _proxy.Url);
        using var other = Client("127.0.0.22", _proxy.Url);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => RefreshAsync(greedy, $"203.0.113.{n}")));

        Assert.Contains(HttpStatusCode.TooManyRequests, answers); // a claim a request got no quota a request
        Assert.All(answers, status => Assert.True(status is HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized, $"{status}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await RefreshAsync(other, "127.0.0.21")); // nor does another pay for it, though it claims to be the same
    }

    [LoopbackFact]
    public async Task Quotas_OfAPeerThatIsNoProxy_AreItsOwn_WhateverItForwards()
    {
        using var stranger = Client("127.0.0.31", _host.Url);
        using var victim = Client("127.0.0.32", _proxy.Url);

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(n => RefreshAsync(stranger, n % 2 == 0 ? "127.0.0.32" : $"203.0.113.{n}")));

        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(HttpStatusCode.Unauthorized, await RefreshAsync(victim, null)); // its quota was not used up in its name
    }

    [LoopbackFact]
    public async Task AuditAndSession_OfALoginBehindAProxy_NameTheClientAndNoClaim()
    {
        using var behind = Client("127.0.0.41", _proxy.Url);
        using var past = Client("127.0.0.42", _host.Url);

        Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync(behind, "wrong"));
        Assert.Equal(HttpStatusCode.OK, await LoginAsync(behind, RunningHost.Password));
        Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync(past, "wrong"));

        Assert.Equal("127.0.0.41,127.0.0.42", await _host.ScalarAsync<string>(
            $"SELECT string_agg(DISTINCT ip_address, ',' ORDER BY ip_address) FROM audit_log WHERE user_agent = '{_agent}'"));
        Assert.Equal("127.0.0.41", await _host.ScalarAsync<string>($"SELECT string_agg(ip_address, ',') FROM user_session WHERE user_agent = '{_agent}'"));
        Assert.Equal(2L, await _host.ScalarAsync<long>(
            $"SELECT count(*) FROM audit_log WHERE user_agent = '{_agent}' AND change_summary = 'Login refused: wrong password'"));
    }

    private HttpClient Client(string address, Uri server)
    {
        var client = Forwarder.ClientAt(IPAddress.Parse(address), server);
        client.DefaultRequestHeaders.Add("User-Agent", _agent);
        return client;
    }

    private static Task<HttpStatusCode> RefreshAsync(HttpClient client, string? claim) => PostAsync(client, "/api/auth/refresh", new { refreshToken = "x" }, claim);

    private static Task<HttpStatusCode> LoginAsync(HttpClient client, string password) =>
        PostAsync(client, "/api/auth/login", new { email = RunningHost.Email, password }, Spoofed);

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string path, object body, string? claim)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (claim is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Forwarded-For", claim);
        }

        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    /// <summary>Of whom every test asks from addresses of its own: their quotas and records are apart.</summary>
    public sealed class ProxiedHost : IAsyncLifetime
    {
        internal RunningHost Host { get; } = new()
        {
            Configuration =
            [
                $"--ChargeCars:KnownProxies={KnownProxyTests.Proxy}", "--ChargeCars:RateLimits:Login:PerSecond=1", "--ChargeCars:RateLimits:Login:Burst=3",
            ],
        };

        internal Forwarder Proxy { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await Host.InitializeAsync();
            Proxy = await Forwarder.StartAsync(Host.Url, IPAddress.Parse(KnownProxyTests.Proxy));
        }

        public async Task DisposeAsync()
        {
            await Proxy.DisposeAsync();
            await Host.DisposeAsync();
        }
    }
}

/// <summary>Skipped where only 127.0.0.1 is this machine, as on macOS.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LoopbackFactAttribute : FactAttribute
{
    public LoopbackFactAttribute() => Skip = OperatingSystem.IsMacOS() ? "Needs clients at addresses of 127.0.0.0/8 beside 127.0.0.1." : null;
}
