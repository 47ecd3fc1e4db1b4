using ChargeCars.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ChargeCars.Tests.Hosting;

public sealed class RouteHandlersTests : IAsyncLifetime
{
    private readonly RunningHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Handler_IsCompiledAtItsFirstRequest_AndOnce()
    {
        var compiled = 0;
        await using var app = WebApplication.CreateSlimBuilder().Build();
        RouteHandlers.MapGet(app, "/double/{number:int}", (int number) => Results.Text($"{2 * number}")).AddEndpointFilterFactory((_, next) =>
        {
            compiled++;
            return next;
        });
        var endpoint = ((IEndpointRouteBuilder)app).DataSources.Single().Endpoints.Single();
        Assert.Equal(0, compiled);

        Assert.Equal("42", await AskAsync(app, endpoint, 21));
        Assert.Equal("8", await AskAsync(app, endpoint, 4));
        Assert.Equal(1, compiled);
    }

    [Fact]
    public async Task Endpoints_AreBuiltOnceForAllWhoReadThem()
    {
        var built = 0;
        await using var app = WebApplication.CreateSlimBuilder().Build();
        RouteHandlers.MapGet(app, "/double/{number:int}", (int number) => Results.Text($"{2 * number}")).Add(_ => built++);

        app.BuildEndpointsOnce();

        var sources = ((IEndpointRouteBuilder)app).DataSources;
        var (first, second) = (new CompositeEndpointDataSource(sources).Endpoints.Single(), new CompositeEndpointDataSource(sources).Endpoints.Single());
        Assert.Same(first, second);
        Assert.Equal(1, built);
    }

    [Fact]
    public void Api_HasNoHandlerThatTheFrameworkCompilesAtStart()
    {
        var endpoints = _host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)).ToList();

        Assert.True(endpoints.Count > 250, $"Only {endpoints.Count} endpoints were found.");
        Assert.Empty(endpoints.Where(endpoint => endpoint.RequestDelegate!.Method.DeclaringType?.Assembly != typeof(RouteHandlers).Assembly).Select(endpoint => endpoint.DisplayName));
    }

    private static async Task<string> AskAsync(WebApplication app, Endpoint endpoint, int number)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = app.Services, Response = { Body = body } };
        http.Request.RouteValues["number"] = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await endpoint.RequestDelegate!(http);
        return System.Text.Encoding.UTF8.GetString(body.ToArray());
    }
}
