using ChargeCars.Api.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// One screen's own sender: one write at a time, so that a slow one waits for itself only. SignalR never drops, so the bounds
/// are here: positions coalesce to the newest, changes wait up to a count, and what is beyond is closed and resumes.
/// </summary>
internal sealed partial class LiveConnection(
    HubConnectionContext context, Caller caller, Func<IReadOnlyCollection<Guid>, SerializedHubMessage?> encodeNewest,
    LiveOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>A write that takes longer than this makes the connection late: what waits for it coalesces.</summary>
    private static readonly TimeSpan LateAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Shared messages that may wait; they cost a reference each.</summary>
    private const int MaximumSlices = 64;

    private static readonly SerializedHubMessage Ping = new(PingMessage.Instance);

    private readonly Lock _gate = new();
    private readonly Queue<ChangeSlice> _changes = new();
    private readonly Queue<PositionSlice> _positions = new();
    private readonly HashSet<Guid> _late = [];
    private SerializedHubMessage? _notice;
    private Stage _stage;
    private long _round;
    private long _floor;
    private int _queuedChanges;
    private bool _writing;
    private long _writingSince;
    private bool _closed;

    private enum Stage
    {
        /// <summary>Nothing is watched.</summary>
        Idle,

        /// <summary>What comes waits for the snapshot's sequence.</summary>
        Buffering,

        /// <summary>The answer is on its way; what waits follows at the next tick.</summary>
        Answered,

        /// <summary>What comes is sent.</summary>
        Open,
    }

    public string Id => context.ConnectionId;

    public Caller Caller { get; } = caller;

    /// <summary>The view that it is registered at; changed by <see cref="LiveConnections"/> only, under its lock.</summary>
    public View? View { get; set; }

    /// <summary>Starts to keep what comes; returns the number of this watch, by which <see cref="Answer"/> knows it.</summary>
    public long Begin()
    {
        lock (_gate)
        {
            Clear();
            _stage = Stage.Buffering;
            return ++_round;
        }
    }

    /// <summary>The snapshot has this sequence: only later changes are sent. False when the watch was ended meanwhile.</summary>
    public bool Answer(long round, long sequence)
    {
        lock (_gate)
        {
            if (_round != round || _stage != Stage.Buffering)
            {
                return false;
            }

            _floor = sequence;
            _stage = Stage.Answered;
            var buffered = _changes.ToArray();
            _changes.Clear();
            _queuedChanges = 0;
            foreach (var slice in buffered)
            {
                Queue(slice);
            }

            return true;
        }
    }

    /// <summary>Sends what waited for the answer.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (_stage != Stage.Answered)
            {
                return;
            }

            _stage = Stage.Open;
        }

        StartWriting();
    }

    /// <summary>Watches nothing any more; with a reason, the client is told to start afresh.</summary>
    public void End(string? reason)
    {
        lock (_gate)
        {
            var watched = _stage != Stage.Idle;
            Clear();
            _stage = Stage.Idle;
            if (reason is not null && watched)
            {
                _notice = Slices.Encode("resync", new ResyncMessage(reason));
            }
        }

        StartWriting();
    }

    /// <summary>Done when all that was written before has gone out, but for what the line itself buffers.</summary>
    public ValueTask PingAsync() => context.WriteAsync(Ping, context.ConnectionAborted);

    public void Offer(ChangeSlice slice)
    {
        lock (_gate)
        {
            if (_stage == Stage.Idle || _closed)
            {
                return;
            }

            Queue(slice);
        }

        if (_queuedChanges > options.MaximumQueuedChanges)
        {
            Close($"{_queuedChanges} changes wait for it");
            return;
        }

        StartWriting();
    }

    public void Offer(ReadOnlySpan<PositionSlice> slices)
    {
        lock (_gate)
        {
            if (_stage == Stage.Idle || _closed)
            {
                return;
            }

            if (_late.Count == 0 && _stage == Stage.Open && !IsWritingLongerThan(LateAfter) && _positions.Count + slices.Length <= MaximumSlices)
            {
                foreach (var slice in slices)
                {
                    _positions.Enqueue(slice);
                }
            }
            else
            {
                KeepTheNewestOnly();
                foreach (var slice in slices)
                {
                    _late.UnionWith(slice.Vehicles);
                }
            }
        }

        StartWriting();
    }

    /// <summary>A vehicle's position must not be shown any more: what waits to be written with it is made anew.</summary>
    public void Recall(Guid vehicle)
    {
        lock (_gate)
        {
            if (_positions.Any(slice => slice.Vehicles.Contains(vehicle)))
            {
                KeepTheNewestOnly();
            }
        }
    }

    /// <summary>Closes it when one write takes longer than it may.</summary>
    public void CloseIfStalled()
    {
        bool stalled;
        lock (_gate)
        {
            stalled = !_closed && IsWritingLongerThan(options.WriteTimeout);
        }

        if (stalled)
        {
            Close($"it took nothing for {options.WriteTimeout}");
        }
    }

    public void Close(string reason)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            Clear();
            _stage = Stage.Idle;
        }

        LogClosed(logger, Id, reason);
        context.Abort();
        // SignalR says goodbye first, which a client that reads nothing would hold up for as long as it likes.
        context.GetHttpContext()?.Abort();
    }

    private void Clear()
    {
        _changes.Clear();
        _positions.Clear();
        _late.Clear();
        _queuedChanges = 0;
    }

    // What it has not got yet is older than what comes: only whose newest it needs is kept.
    private void KeepTheNewestOnly()
    {
        while (_positions.TryDequeue(out var overtaken))
        {
            _late.UnionWith(overtaken.Vehicles);
        }
    }

    private void Queue(ChangeSlice slice)
    {
        if ((_stage == Stage.Buffering ? slice : slice.After(_floor)) is { } rest)
        {
            _changes.Enqueue(rest);
            _queuedChanges += rest.Changes.Count;
        }
    }

    private bool IsWritingLongerThan(TimeSpan limit) => _writing && time.GetElapsedTime(_writingSince) > limit;

    private void StartWriting()
    {
        lock (_gate)
        {
            if (_writing || _closed || !HasNext())
            {
                return;
            }

            _writing = true;
        }

        _ = WriteAsync();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (Next() is { } message)
            {
                await context.WriteAsync(message, context.ConnectionAborted);
            }
        }
        catch (Exception fault)
        {
            // The connection is gone or a message can't be encoded: it resumes, as nothing may be left out silently.
            LogWriteFailed(logger, Id, fault);
            Close("a write failed");
        }
    }

    private bool HasNext() =>
        _notice is not null || (_stage == Stage.Open && (_changes.Count > 0 || _positions.Count > 0 || _late.Count > 0));

    private SerializedHubMessage? Next()
    {
        lock (_gate)
        {
            while (HasNext())
            {
                if (Take() is { } message)
                {
                    _writingSince = time.GetTimestamp();
                    return message;
                }
            }

            _writing = false;
            return null;
        }
    }

    private SerializedHubMessage? Take()
    {
        if (_notice is { } notice)
        {
            _notice = null;
            return notice;
        }

        if (_changes.TryDequeue(out var changes))
        {
            _queuedChanges -= changes.Changes.Count;
            return changes.Message;
        }

        if (_positions.TryDequeue(out var positions))
        {
            return positions.Message;
        }

        var vehicles = _late.Take(options.PositionsPerMessage).ToArray();
        _late.ExceptWith(vehicles);
        return encodeNewest(vehicles);
    }

    [LoggerMessage(LogLevel.Information, "The live connection {Connection} is closed: {Reason}")]
    private static partial void LogClosed(ILogger logger, string connection, string reason);

    [LoggerMessage(LogLevel.Debug, "A write to the live connection {Connection} failed")]
    private static partial void LogWriteFailed(ILogger logger, string connection, Exception fault);
}
