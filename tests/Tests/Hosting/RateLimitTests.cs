using System.Net;
using System.Net.Http.Json;
using ChargeCars.Silo.Hosting;
using ChargeCars.Testing;

namespace ChargeCars.Tests.Hosting;

/// <summary>Quotas on a host of their own, whose quotas a few requests use up.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("chargecars-limits-").FullName;
    private TestDatabase _database = null!;
    private ChargeCarsHost _host = null!;

    public async Task InitializeAsync()
    {
        _database = await PostgresServer.CreateDatabaseAsync();
        _host = await ChargeCarsHost.StartAsync(
        [
            "--urls=http://127.0.0.1:0", $"--ConnectionStrings:ChargeCars={_database.ConnectionString}", $"--ChargeCars:DataDirectory={_data}",
            "--CHARGECARS_ADMIN_EMAIL=admin@example.nl", "--CHARGECARS_ADMIN_PASSWORD=correct horse battery", "--Logging:LogLevel:Default=Warning",
            "--ChargeCars:RateLimits:Login:PerSecond=1", "--ChargeCars:RateLimits:Login:Burst=3",
            "--ChargeCars:RateLimits:Link:PerSecond=1", "--ChargeCars:RateLimits:Link:Burst=3",
            "--ChargeCars:RateLimits:FailedCredentials:PerSecond=1", "--ChargeCars:RateLimits:FailedCredentials:Burst=3",
        ]);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task MadeUpKeys_OverTheQuota_AreAnswered429OnEveryRoute()
    {
        using var client = new HttpClient { BaseAddress = new(_host.App.Urls.Single()) };

        foreach (var path in new[] { "/api/vehicles", "/api/telemetry/osmand/none", "/hubs/dispatch", "/api/auth/me", "/nowhere" })
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(n =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.Add("X-Forwarded-For", $"203.0.113.{n}");
                request.Headers.Add("X-Api-Key", $"cc_{Guid.NewGuid():n}_{new string('A', 43)}");
                return client.SendAsync(request);
            }));

            var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
            Assert.NotEmpty(refused);
            Assert.All(refused, answer => Assert.NotNull(answer.Headers.RetryAfter));
        }
    }

    [Theory]
    [InlineData("GET", "/api/track/AAAAAAAAAAAAAAAAAAAAAA", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/track/AAAAAAAAAAAAAAAAAAAAAA/confirm", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/track/AAAAAAAAAAAAAAAAAAAAAA/reschedule", HttpStatusCode.NotFound)]
    [InlineData("GET", "/track/AAAAAAAAAAAAAAAAAAAAAA", HttpStatusCode.OK)]
    public async Task CustomersLinks_OverTheQuota_AreAnswered429_WhateverAddressOrCredentialsTheyClaim(string method, string path, HttpStatusCode within)
    {
        using var client = new HttpClient { BaseAddress = new(_host.App.Urls.Single()) };
        using var login = await client.PostAsJsonAsync("/api/auth/login", new { email = "admin@example.nl", password = "correct horse battery" });
        var token = (await login.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("accessToken").GetString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(n =>
        {
            var request = new HttpRequestMessage(new(method), path);
            request.Headers.Add("X-Forwarded-For", $"203.0.113.{n}");
            if (n % 2 == 0)
            {
                request.Headers.Authorization = new("Bearer", token);
            }

            return client.SendAsync(request);
        }));

        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.NotNull(answer.Headers.RetryAfter));
        Assert.All(answers.Except(refused), answer => Assert.Equal(within, answer.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Logins_OverTheQuota_AreAnswered429_WhateverAddressOrCredentialsTheyClaim()
    {
        using var client = new HttpClient { BaseAddress = new(_host.App.Urls.Single()) };
        using var login = await client.PostAsJsonAsync("/api/auth/login", new { email = "admin@example.nl", password = "correct horse battery" });
        var token = (await login.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("accessToken").GetString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(n =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/refresh") { Content = JsonContent.Create(new { refreshToken = "x" }) };
            request.Headers.Add("X-Forwarded-For", $"203.0.113.{n}");
            if (n % 2 == 0)
            {
                request.Headers.Authorization = new("Bearer", token);
            }

            return client.SendAsync(request);
        }));

        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, answer =>
        {
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        });
        Assert.All(answers.Except(refused), answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
    }
}
