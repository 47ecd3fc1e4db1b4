using System.Collections.Frozen;
using System.Text;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Api.Identity;
using ChargeCars.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Platform.Http;

public sealed class IdempotencyKeysTests
{
    private static readonly FakeTimeProvider Time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private static readonly Caller Program = new(new Actor(ActorKind.Key, Guid.CreateVersion7(Time.GetUtcNow()), "test"), FrozenSet<string>.Empty, null);

    /// <summary>A client that hangs up cuts the answer short without a word; its repetition must not get that piece as the answer.</summary>
    [Fact]
    public async Task Answer_OfAClientThatHungUp_IsMadeAnewForTheRepetition()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        var keys = new IdempotencyKeys(database.DataSource, Time);
        using var client = new CancellationTokenSource();
        var cut = Request("order-1", client.Token);
        try
        {
            await keys.InvokeAsync(cut, async http =>
            {
                await http.Response.WriteAsync("half an ans", CancellationToken.None);
                await client.CancelAsync();
            });
        }
        catch (OperationCanceledException)
        {
            // Nobody is there to write to.
        }

        var (again, repeated) = (Request("order-1"), Request("order-1"));
        await keys.InvokeAsync(again, http => http.Response.WriteAsync("the answer"));
        await keys.InvokeAsync(repeated, _ => throw new InvalidOperationException("It has an answer already."));

        Assert.Equal("the answer", Body(again));
        Assert.False(again.Response.Headers.ContainsKey("Idempotency-Replayed"));
        Assert.Equal("the answer", Body(repeated));
        Assert.Equal("true", repeated.Response.Headers["Idempotency-Replayed"]);
    }

    private static DefaultHttpContext Request(string key, CancellationToken aborted = default)
    {
        var http = new DefaultHttpContext { RequestAborted = aborted };
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new Repeatable()), "of the test"));
        http.Features.Set(Program);
        http.Request.Headers["Idempotency-Key"] = key;
        http.Response.Body = new MemoryStream();
        return http;
    }

    private static string Body(HttpContext http) => Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray());
}
