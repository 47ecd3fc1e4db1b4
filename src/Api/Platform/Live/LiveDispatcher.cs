using System.Threading.Channels;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Telephony.Calls;
using ChargeCars.Platform.Changes;
using ChargeCars.Fleet.Vehicles.Positions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Gives changes and positions to the views. Changes as they come; positions in ticks, a few milliseconds apart while
/// vehicles move, and when held back ones are due. It only puts messages in the connections' queues, and waits for none.
/// </summary>
internal sealed partial class LiveDispatcher(
    LiveConnections connections, PositionBoard board, Slices slices, IOptions<LiveOptions> options, TimeProvider time, ILogger<LiveDispatcher> logger)
    : BackgroundService, IChangeListener, IPositionListener
{
    // Positions in one go, however many are due after a stall: as one array they were a large object, which only a
    // collection of everything takes away, and that is the next stall.
    private const int AtOnce = 500;

    private static readonly TimeSpan StallCheck = TimeSpan.FromSeconds(1);

    private readonly LiveOptions _options = options.Value;
    private readonly PositionPacer _pacer = new(options.Value.PositionInterval);
    private readonly Lock _pacerGate = new();

    // A tick that has read the board gives it to the connections before anything is taken off it.
    private readonly Lock _sending = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Takes what this process has written or a stream has brought, mostly both; never waits.</summary>
    public void Take(PositionsMoved moved)
    {
        var news = board.Take(moved.Positions);
        if (news.Count == 0)
        {
            return;
        }

        lock (_pacerGate)
        {
            foreach (var vehicle in news)
            {
                _pacer.Note(vehicle);
            }
        }

        Wake();
    }

    /// <summary>
    /// An answer has told that these vehicles are inside a view's area, by rows and by what was heard until then: whoever leaves is
    /// sent once more, and who has left meanwhile is sent now.
    /// </summary>
    public void Told(View view, IReadOnlyList<Guid> inside)
    {
        lock (_sending)
        {
            foreach (var vehicle in inside)
            {
                view.Told(vehicle);
                if (board.TryGet(vehicle, out var position) && !view.Filter.Covers(position))
                {
                    lock (_pacerGate)
                    {
                        _pacer.Note(vehicle);
                    }
                }
            }
        }
    }

    /// <summary>Asks for a tick soon.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public void OnChanges(IReadOnlyList<ChangeEvent> changes)
    {
        // Before the screens hear of it: what they are given after that must not bring it back.
        foreach (var change in changes.Where(change => change.Type == PositionRemoval.ChangeType))
        {
            Remove(change);
        }

        IReadOnlyList<ChangeEvent> told = [.. changes.Select(change => CallCardMask.Placed(change, Where))];
        foreach (var view in connections.Views)
        {
            foreach (var slice in view.Select(told, _options.ChangesPerMessage))
            {
                foreach (var connection in view.Connections)
                {
                    connection.Offer(slice);
                }
            }
        }

        foreach (var change in changes)
        {
            if (change.Type == "vehicle.deleted")
            {
                board.Forget(change.EntityId);
            }
            else if (change.Type == "api_key.revoked")
            {
                connections.Disconnect(caller => caller.Actor.Kind == ActorKind.Key && caller.Actor.Id == change.EntityId);
            }
        }
    }

    public void OnReset(string reason)
    {
        board.Clear();
        foreach (var connection in connections.All)
        {
            connections.Leave(connection);
            connection.End(reason);
        }
    }

    /// <summary>Sends what is due; returns when the next held back position is.</summary>
    internal DateTimeOffset? Tick()
    {
        using var sending = _sending.EnterScope();
        List<Guid> due;
        DateTimeOffset? next;
        do
        {
            lock (_pacerGate)
            {
                due = _pacer.TakeDue(time.GetUtcNow(), AtOnce);
                next = _pacer.NextAt;
            }

            Send(board.Of(due));
            foreach (var connection in connections.All)
            {
                connection.Release();
            }
        }
        while (due.Count == AtOnce);
        return next;
    }

    private void Send(ReadOnlySpan<LivePosition> moved)
    {
        foreach (var view in connections.Views)
        {
            var sent = slices.Of(view.Select(moved), _options.PositionsPerMessage);
            if (sent.Length > 0)
            {
                foreach (var connection in view.Connections)
                {
                    connection.Offer(sent);
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var cooled = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using var stalled = time.CreateTimer(_ => CloseStalled(), null, StallCheck, StallCheck);
        var before = time.GetTimestamp();
        while (await _wake.Reader.WaitToReadAsync(stoppingToken))
        {
            // Whoever comes after a rest goes out at once.
            var early = _options.PositionBatch - time.GetElapsedTime(before);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, stoppingToken);
            }

            before = time.GetTimestamp();
            _wake.Reader.TryRead(out _);
            try
            {
                if (Tick() is { } next)
                {
                    var wait = next - time.GetUtcNow();
                    cooled.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                }
            }
            catch (Exception fault)
            {
                LogTickFailed(logger, fault);
            }
        }
    }

    private LivePosition? Where(Guid vehicle) => board.TryGet(vehicle, out var position) ? position : null;

    private void Remove(ChangeEvent change)
    {
        var span = PositionRemoval.SpanOf(change.Data);
        lock (_sending)
        {
            board.Remove(change.EntityId, span);
            foreach (var connection in connections.All)
            {
                connection.Recall(change.EntityId);
            }
        }
    }

    private void CloseStalled()
    {
        foreach (var connection in connections.All)
        {
            connection.CloseIfStalled();
        }
    }

    [LoggerMessage(LogLevel.Error, "A tick of the live feed failed")]
    private static partial void LogTickFailed(ILogger logger, Exception fault);
}
