using ChargeCars.Testing.Fuzz;

namespace ChargeCars.Tests.Hosting;

/// <summary>
/// The drill <c>fuzz</c> with few requests, on a host of its own, as it ends sessions and revokes keys. Every route of the API's
/// description is asked, those of tomorrow too.
/// </summary>
public sealed class FuzzTests : IAsyncLifetime
{
    private const int Seed = 20261129;
    private const int Requests = 1_500;

    private readonly RunningHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Requests_MutatedOverEveryRoute_AreAnsweredOrRefusedInTheManner()
    {
        using var run = new FuzzRun(_host.Url, RunningHost.Email, RunningHost.Password, _host.Database.DataSource, new(Seed, Requests));

        var outcome = await run.RunAsync(progress: null, CancellationToken.None);

        Assert.True(outcome.Violations.Count == 0, string.Join("\n\n", outcome.Violations.Take(10)));
        Assert.Equal(Requests, outcome.Statuses.Values.Sum());
        Assert.Empty(outcome.NotMade);
        // Some were right, and some were refused in each way: it got somewhere.
        Assert.Empty(((int[])[200, 201, 204, 400, 401, 404, 412, 415]).Except(outcome.Statuses.Keys));
        Assert.True(outcome.Routes.Count > 60, $"only {outcome.Routes.Count} routes were asked");
    }
}
