using Microsoft.AspNetCore.SignalR;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// The live feed of dispatch screens, at <c>/hubs/dispatch</c>. Needs <c>vehicles.read</c>; positions go to callers with
/// <c>positions.read</c> only, and each topic has a permission of its own. JSON over WebSockets.
/// </summary>
/// <remarks>
/// <para>A client keeps the largest sequence that it has seen, of an answer or of a change. After a lost connection it calls
/// <see cref="Watch"/> with it as <c>since</c> and gets exactly what it missed. The first <c>changes</c> may overtake the
/// answer on their way: order by sequence, and take no sequence twice.</para>
/// <para>A connection that does not take its messages is closed: it resumes in the same way.</para>
/// <para>Methods that are called faster than <c>ChargeCars:Live:Calls</c> allows are answered later, each in its turn.</para>
/// </remarks>
internal sealed class DispatchHub(WatchHandler watches, LiveConnections connections, IEnumerable<IOpenEntities> opened) : Hub<IDispatchClient>
{
    /// <summary>
    /// Follows topics from now on, in place of what this connection followed before. Without <c>since</c>, or when that is too
    /// long ago, the answer is a snapshot of the vehicles (all of them, or <c>vehicleIds</c> alone where no area is given) and
    /// <c>resumed</c> is false. Else it is the changes missed, and the vehicles whose position may have moved meanwhile: with
    /// an area all that are inside it, so that it can be moved over the map with <c>since</c>.
    /// </summary>
    /// <remarks>
    /// Positions come from inside the area and of <c>vehicleIds</c>; a vehicle that leaves the area is sent once more, at its
    /// place outside.
    /// </remarks>
    /// <exception cref="HubException">
    /// The request is wrong (the former watch goes on), a topic needs a permission, or the database does not answer (nothing
    /// is watched then: call again).
    /// </exception>
    public Task<WatchAnswer> Watch(WatchRequest request) => watches.WatchAsync(Context.ConnectionId, request, Context.ConnectionAborted);

    /// <summary>Follows nothing any more; the connection stays.</summary>
    public Task Unwatch()
    {
        watches.End(Context.ConnectionId);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Says which orders this screen has open, in place of what it had open before, and answers who else has. Others hear of it by
    /// <c>order.presence_changed</c>. It ends when the connection ends, and need not be repeated.
    /// </summary>
    /// <exception cref="HubException">An order is not seen by the caller, the caller is a partner's, or the database does not answer.</exception>
    public async Task<OpenAnswer> Open(OpenRequest request)
    {
        var answer = new OpenAnswer([]);
        foreach (var kind in opened)
        {
            answer = await kind.SetAsync(Context.ConnectionId, connections.Get(Context.ConnectionId).Caller, request, Context.ConnectionAborted);
        }

        return answer;
    }
}
