using ChargeCars.Api.Platform.Live;
using ChargeCars.Testing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Platform.Live;

/// <summary>What one caller can take of the live feed: connections, and calls of its methods.</summary>
public sealed class LiveLimitTests
{
    [Fact]
    public async Task Connections_OpenedAtOnce_AreNoMoreThanOneCallerMayHave_AndLeaveRoomForOthers()
    {
        await using var host = await LiveHost.StartAsync(("MaximumConnectionsPerCaller", "3"), ("MaximumConnections", "4"));

        var (open, refused) = await OpenAsync(host, 20, "all");

        Assert.Equal(3, open.Count);
        Assert.All(refused, fault => Assert.Contains("429", fault, StringComparison.Ordinal));
        await using var another = await host.ConnectAsync("another");
        Assert.False((await another.WatchFleetAsync()).Resumed);

        // One that is closed makes room for the next.
        await open.Pop().DisposeAsync();
        Stack<LiveClient> next = [];
        while (next.Count == 0)
        {
            next = (await OpenAsync(host, 1, "all")).Open;
        }

        await CloseAsync(open.Concat(next));
    }

    [Fact]
    public async Task Connections_OpenedAtOnce_AreNoMoreThanTheNodeMayHave()
    {
        await using var host = await LiveHost.StartAsync(("MaximumConnections", "3"));

        var (open, refused) = await OpenAsync(host, 20, "all", "another", "key");

        Assert.Equal(3, open.Count);
        Assert.All(refused, fault => Assert.Contains("503", fault, StringComparison.Ordinal));
        await CloseAsync(open);
    }

    [Theory]
    [InlineData("Watch")]
    [InlineData("Unwatch")]
    public async Task Calls_OfOneConnectionBeyondItsQuota_WaitForTheirTurn_AndHoldUpNobodyElse(string method)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await LiveHost.StartAsync(time, ("Calls:Burst", "2"), ("Calls:PerSecond", "1"));
        await using var greedy = await host.ConnectAsync();
        await using var another = await host.ConnectAsync("another");
        var calls = Enumerable.Range(0, 5).Select(_ => CallAsync(greedy, method)).ToList();
        await Task.WhenAll(calls[0], calls[1]).WaitAsync(FeedRecorder.Patience);

        await another.WatchFleetAsync();

        Assert.All(calls[2..], call => Assert.False(call.IsCompleted));
        // Each is sent when the one before it is answered, and waits a second from then on.
        for (var n = 2; n < calls.Count; n++)
        {
            await Patience.UntilAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromMilliseconds(100));
                    return Task.FromResult(calls[n].IsCompleted);
                },
                $"call {n} is answered");
            await calls[n];
        }
    }

    [Fact]
    public async Task Calls_OfManyConnectionsOfOneCaller_AreRefusedWhereTheyWouldWaitLong()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var host = await LiveHost.StartAsync(time, ("CallsPerCaller:Burst", "2"), ("CallsPerCaller:PerSecond", "1"));
        var clients = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.ConnectAsync()));

        // Two at once, five within five seconds; the clock stands still until the others are answered.
        var calls = clients.Select(client => CallAsync(client, "Watch")).ToList();
        var answered = new List<Task>();
        while (answered.Count < 5)
        {
            answered.Add(await Task.WhenAny(calls.Except(answered)).WaitAsync(FeedRecorder.Patience));
        }

        Assert.Equal(3, answered.Count(call => call.Exception?.InnerException is HubException fault && fault.Message.Contains("call again in", StringComparison.Ordinal)));
        await using var another = await host.ConnectAsync("another");
        await another.WatchFleetAsync();
        while (calls.Any(call => !call.IsCompleted))
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.Equal(7, calls.Count(call => call.IsCompletedSuccessfully));
        await CloseAsync(clients);
    }

    private static Task CallAsync(LiveClient client, string method) => method == nameof(DispatchHub.Watch)
        ? client.Hub.InvokeAsync<LiveClient.Answer>(method, new { topics = new[] { "fleet" } })
        : client.Hub.InvokeAsync(method);

    /// <summary>As many at once, by these callers in turn.</summary>
    private static async Task<(Stack<LiveClient> Open, List<string> Refused)> OpenAsync(LiveHost host, int count, params string[] callers)
    {
        var (open, refused, gate) = (new Stack<LiveClient>(), new List<string>(), new Lock());
        await Task.WhenAll(Enumerable.Range(0, count).Select(async n =>
        {
            var client = new LiveClient(new Uri(host.Address, $"hubs/dispatch?access_token={callers[n % callers.Length]}"));
            var fault = await Record.ExceptionAsync(() => client.Hub.StartAsync());
            lock (gate)
            {
                if (fault is null)
                {
                    open.Push(client);
                }
                else
                {
                    refused.Add(fault.Message + fault.InnerException?.Message);
                }
            }
        }));
        return (open, refused);
    }

    private static async Task CloseAsync(IEnumerable<LiveClient> clients)
    {
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }
}
