using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ChargeCars.Tests.Hosting;

/// <summary>Requests that make roles and keys may be repeated; a key's secret comes again and is kept nowhere.</summary>
[Collection(HostCollection.Name)]
public sealed class RepeatableSecretTests(RunningHost host)
{
    [Fact]
    public async Task Key_MadeTwiceWithOneIdempotencyKey_IsOneKeyWithOneSecret()
    {
        var (repetition, name) = (Guid.NewGuid().ToString(), $"repeated {Guid.NewGuid():n}");

        using var first = await SendAsync("/api/api-keys", repetition, Body(name));
        using var again = await SendAsync("/api/api-keys", repetition, Body(name));
        using var other = await SendAsync("/api/api-keys", repetition, Body("another"));

        var made = await first.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(made.ToString(), (await again.JsonAsync(HttpStatusCode.Created)).ToString());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        await other.ProblemAsync(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(1L, await host.ScalarAsync<long>($"SELECT count(*) FROM api_key WHERE name = '{name}'"));
        using var program = host.Anonymous();
        program.DefaultRequestHeaders.Add("X-Api-Key", made.GetProperty("key").GetString());
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/vehicles")).StatusCode);
    }

    [Fact]
    public async Task Secret_OfARepeatableRequest_IsInNoKeptAnswer()
    {
        var repetition = Guid.NewGuid().ToString();
        using var made = await SendAsync("/api/api-keys", repetition, Body("kept"));
        var key = await made.JsonAsync(HttpStatusCode.Created);
        using var rotated = await SendAsync($"/api/api-keys/{key.GetProperty("id").GetGuid()}/actions/rotate", $"{repetition}-rotate", new { overlapHours = 0 });
        await rotated.JsonAsync();

        Assert.Equal(2L, await host.ScalarAsync<long>($"SELECT count(*) FROM idempotency_key WHERE key LIKE '{repetition}%' AND body IS NULL"));
    }

    [Fact]
    public async Task Key_RotatedTwiceWithOneIdempotencyKey_HasOneNewSecret()
    {
        using var made = await SendAsync("/api/api-keys", Guid.NewGuid().ToString(), Body("rotated"));
        var path = $"/api/api-keys/{(await made.JsonAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid()}/actions/rotate";
        var repetition = Guid.NewGuid().ToString();

        var first = await (await SendAsync(path, repetition, new { overlapHours = 1 })).JsonAsync();
        var again = await (await SendAsync(path, repetition, new { overlapHours = 1 })).JsonAsync();
        var next = await (await SendAsync(path, Guid.NewGuid().ToString(), new { overlapHours = 1 })).JsonAsync();
        using var late = await SendAsync(path, repetition, new { overlapHours = 1 });

        Assert.Equal(first.ToString(), again.ToString());
        Assert.NotEqual(first.GetProperty("key").GetString(), next.GetProperty("key").GetString());
        Assert.EndsWith("secret-not-shown", (await late.ProblemAsync(HttpStatusCode.Conflict)).GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_RevokedSince_IsNotShownAgain()
    {
        var repetition = Guid.NewGuid().ToString();
        var made = await (await SendAsync("/api/api-keys", repetition, Body("revoked"))).JsonAsync(HttpStatusCode.Created);
        using var revoked = await host.Administrator.DeleteAsync($"/api/api-keys/{made.GetProperty("id").GetGuid()}");

        using var again = await SendAsync("/api/api-keys", repetition, Body("revoked"));

        Assert.DoesNotContain("cc_", (await again.ProblemAsync(HttpStatusCode.Conflict)).ToString(), StringComparison.Ordinal);
    }

    /// <summary>The host died between the commit and the answer: nothing is kept of that, and the repetition finds what was made.</summary>
    [Theory]
    [InlineData("/api/api-keys")]
    [InlineData("/api/roles")]
    [InlineData("/api/telephony/aircall/tokens")]
    public async Task Answer_ThatWasLostBeforeItWasKept_IsTheSame(string path)
    {
        var (repetition, name) = (Guid.NewGuid().ToString(), $"r_{Guid.NewGuid():n}");
        object body = path switch
        {
            "/api/roles" => new { roleName = name, permissions = new { resources = new[] { "vehicles.read" } } },
            "/api/telephony/aircall/tokens" => new { name },
            _ => Body(name),
        };
        var first = await (await SendAsync(path, repetition, body)).JsonAsync(HttpStatusCode.Created);
        await host.ExecuteAsync($"DELETE FROM idempotency_key WHERE key = '{repetition}'");

        var again = await (await SendAsync(path, repetition, body)).JsonAsync(HttpStatusCode.Created);

        Assert.Equal(first.ToString(), again.ToString());
    }

    [Fact]
    public async Task AircallToken_WithdrawnSince_IsNotShownAgain()
    {
        var repetition = Guid.NewGuid().ToString();
        var made = await (await SendAsync("/api/telephony/aircall/tokens", repetition, new { name = "withdrawn" })).JsonAsync(HttpStatusCode.Created);
        using var withdrawn = await host.Administrator.DeleteAsync($"/api/telephony/aircall/tokens/{made.GetProperty("id").GetGuid()}");

        using var again = await SendAsync("/api/telephony/aircall/tokens", repetition, new { name = "withdrawn" });

        Assert.EndsWith("secret-not-shown", (await again.ProblemAsync(HttpStatusCode.Conflict)).GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    // A file is streamed to where it is kept, so its bytes are not there to be compared with a repetition's; an upload in pieces goes on where it
    // broke off; a link is one more, and ends by itself.
    private static readonly string[] Unrepeatable = ["/api/attachments", "/api/attachments/uploads", "/api/attachments/{id}/links"];

    /// <summary>Those of tomorrow too: whatever makes a row can be asked again.</summary>
    [Fact]
    public async Task Post_ThatMakesSomething_TakesAnIdempotencyKey()
    {
        var document = await host.Administrator.ReadAsync("/openapi/v1.json");

        var deaf = document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.TryGetProperty("post", out var post) && post.GetProperty("responses").TryGetProperty("201", out _)
                && !(post.TryGetProperty("parameters", out var parameters)
                    && parameters.EnumerateArray().Any(parameter => parameter.GetProperty("name").ValueEquals("Idempotency-Key"))))
            .Select(path => path.Name);

        Assert.Empty(deaf.Except(Unrepeatable));
    }

    [Fact]
    public async Task Role_MadeTwiceWithOneIdempotencyKey_IsOneRole()
    {
        var (repetition, name) = (Guid.NewGuid().ToString(), $"r_{Guid.NewGuid():n}");
        var body = new { roleName = name, permissions = new { resources = new[] { "vehicles.read" } } };

        using var first = await SendAsync("/api/roles", repetition, body);
        using var again = await SendAsync("/api/roles", repetition, body);
        using var other = await SendAsync("/api/roles", Guid.NewGuid().ToString(), body);

        Assert.Equal((await first.JsonAsync(HttpStatusCode.Created)).ToString(), (await again.JsonAsync(HttpStatusCode.Created)).ToString());
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
        await other.ProblemAsync(HttpStatusCode.Conflict);
    }

    private static object Body(string name) => new { name, permissions = new[] { "vehicles.read" } };

    private async Task<HttpResponseMessage> SendAsync(string path, string repetition, object body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", repetition);
        return await host.Administrator.SendAsync(request);
    }
}
