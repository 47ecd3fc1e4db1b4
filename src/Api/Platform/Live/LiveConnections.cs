using System.Collections.Concurrent;
using ChargeCars.Api.Identity;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Live;

/// <summary>The connections of this node and what they watch.</summary>
internal sealed class LiveConnections
{
    private readonly ConcurrentDictionary<string, LiveConnection> _connections = new();
    private readonly Dictionary<string, View> _views = [];
    private readonly Lock _gate = new();
    private readonly PositionBoard _board;
    private readonly Slices _slices;
    private readonly LiveOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveConnections> _logger;
    private IReadOnlyList<View> _snapshot = [];

    public LiveConnections(
        PositionBoard board, Slices slices, IOptions<LiveOptions> options, TimeProvider time, ILogger<LiveConnections> logger) =>
        (_board, _slices, _options, _time, _logger) = (board, slices, options.Value, time, logger);

    /// <summary>How many are connected.</summary>
    public int Count => _connections.Count;

    public IReadOnlyList<View> Views => Volatile.Read(ref _snapshot);

    // Not Values: that locks and copies them all, at every tick.
    public IEnumerable<LiveConnection> All => _connections.Select(pair => pair.Value);

    /// <summary>Closes every connection of the callers that are named: a key or session that was revoked, a role that changed.</summary>
    public void Disconnect(Func<Caller, bool> isMeant)
    {
        ArgumentNullException.ThrowIfNull(isMeant);
        foreach (var connection in _connections.Values)
        {
            if (isMeant(connection.Caller))
            {
                connection.Close("its credentials ended");
            }
        }
    }

    public void Add(HubConnectionContext context)
    {
        var caller = context.GetHttpContext()?.Features.Get<Caller>()
            ?? throw new InvalidOperationException("A hub connection without a caller: the hub lacks RequirePermission.");
        _connections[context.ConnectionId] = new(context, caller, EncodeNewest, _options, _time, _logger);
    }

    public void Remove(string id)
    {
        if (_connections.TryRemove(id, out var connection))
        {
            Leave(connection);
        }
    }

    public LiveConnection Get(string id) => _connections.TryGetValue(id, out var connection)
        ? connection
        : throw new HubException("This connection is closed.");

    /// <summary>From here on the connection is offered what its filter covers.</summary>
    public void Join(LiveConnection connection, WatchFilter filter)
    {
        lock (_gate)
        {
            if (connection.View?.Filter.Key == filter.Key)
            {
                return;
            }

            LeaveLocked(connection);
            // One that was removed while it asked must not come back as a ghost.
            if (!_connections.ContainsKey(connection.Id))
            {
                return;
            }

            if (!_views.TryGetValue(filter.Key, out var view))
            {
                _views[filter.Key] = view = new(filter);
            }

            view.Connections = [.. view.Connections, connection];
            connection.View = view;
            Volatile.Write(ref _snapshot, [.. _views.Values]);
        }
    }

    public void Leave(LiveConnection connection)
    {
        lock (_gate)
        {
            LeaveLocked(connection);
        }
    }

    private void LeaveLocked(LiveConnection connection)
    {
        if (connection.View is not { } view)
        {
            return;
        }

        connection.View = null;
        view.Connections = [.. view.Connections.Where(other => other != connection)];
        if (view.Connections.Count == 0)
        {
            _views.Remove(view.Filter.Key);
            Volatile.Write(ref _snapshot, [.. _views.Values]);
        }
    }

    private SerializedHubMessage? EncodeNewest(IReadOnlyCollection<Guid> vehicles)
    {
        var newest = _board.Of(vehicles);
        return newest.IsEmpty ? null : _slices.Of(newest).Message;
    }
}

/// <summary>SignalR's own bookkeeping, and ours beside it: it is what hands out the connections' contexts.</summary>
internal sealed class LiveLifetime(
    LiveConnections connections, IEnumerable<IOpenEntities> opened, ILogger<DefaultHubLifetimeManager<DispatchHub>> logger)
    : DefaultHubLifetimeManager<DispatchHub>(logger)
{
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        connections.Add(connection);
        return base.OnConnectedAsync(connection);
    }

    public override async Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        connections.Remove(connection.ConnectionId);
        await base.OnDisconnectedAsync(connection);
        foreach (var kind in opened)
        {
            await kind.EndAsync(connection.ConnectionId);
        }
    }
}
