using ChargeCars.Api.Platform.Http.Limits;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// How fast the hub's methods may be called, every one of them. A connection beyond its quota waits for its turn: that holds up its own next
/// calls and nobody else's, and costs less than refusing a client that calls as fast as it can. Only who opens many connections for it is refused.
/// </summary>
internal sealed class CallPace(LiveConnections connections, IOptions<LiveOptions> options, TimeProvider time) : IHubFilter
{
    /// <summary>A call that would wait longer for the caller's other connections is refused.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly QuotaLedger _byConnection = new(options.Value.Calls, time);
    private readonly QuotaLedger _byCaller = new(options.Value.CallsPerCaller, time);

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var id = invocationContext.Context.ConnectionId;
        var (taken, shared) = _byCaller.Take(connections.Get(id).Caller.Key, Patience);
        if (!taken)
        {
            throw new HubException($"Your connections call too often, {options.Value.CallsPerCaller.PerSecond} times a second are allowed: call again in {Math.Ceiling(shared.TotalSeconds)} seconds.");
        }

        var (_, own) = _byConnection.Take(id, TimeSpan.MaxValue);
        var wait = own > shared ? own : shared;
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, invocationContext.Context.ConnectionAborted);
        }

        return await next(invocationContext);
    }
}
