using System.Net;
using ChargeCars.Tests.Hosting;

namespace ChargeCars.Tests.Relations.Places;

/// <summary>What a request for places must be, wherever they come from.</summary>
[Collection(HostCollection.Name)]
public sealed class PlaceRequestTests(RunningHost host)
{
    [Theory]
    [InlineData("reverse", "latitude", "longitude")]
    [InlineData("reverse?latitude=91&longitude=5", "latitude")]
    [InlineData("reverse?latitude=NaN&longitude=5", "latitude")]
    [InlineData("reverse?latitude=52&longitude=x", "longitude")]
    [InlineData("reverse?latitude=52&longitude=5&zoom=1", "zoom")]
    [InlineData("", "q")]
    [InlineData("?q=a", "q")]
    [InlineData("?q=neuweg&limit=21", "limit")]
    public async Task BadQuestion_NamesItsParameter(string query, params string[] fields)
    {
        using var answer = await host.Administrator.GetAsync($"/api/places{(query.StartsWith('r') ? "/" : "")}{query}");

        Assert.Equal(fields, await answer.FaultyFieldsAsync());
    }

    [Fact]
    public async Task Places_WithoutThePermission_AreClosed()
    {
        using var other = await host.WithKeyAsync("vehicles.read");
        using var program = await host.WithKeyAsync("places.read");

        await (await other.GetAsync("/api/places/reverse?latitude=52&longitude=5")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await other.GetAsync("/api/places?q=neuweg")).ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/places?q=neuweg")).StatusCode);
    }
}
