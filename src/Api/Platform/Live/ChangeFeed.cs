using System.Threading.Channels;
using ChargeCars.Platform.Changes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Live;

/// <summary>
/// Every committed change on this node, once and in order. The streams are the fast way; <c>change_event</c> is the truth:
/// it is read when a sequence is missing, and while the streams bring nothing. One loop, fed through a bounded inbox: what
/// does not fit is a hole, and holes are read.
/// </summary>
internal sealed partial class ChangeFeed : BackgroundService
{
    private const int Early = 10_000;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ChangeRows _rows;
    private readonly IReadOnlyList<IChangeListener> _listeners;
    private readonly LiveOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<ChangeFeed> _logger;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChangeSequencer _sequencer = new(0, Early);
    private readonly Channel<FeedInput> _inbox = Channel.CreateBounded<FeedInput>(
        new BoundedChannelOptions(4_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    private long _head;
    private TimeSpan _pause;
    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    public ChangeFeed(
        ChangeRows rows, IEnumerable<IChangeListener> listeners, IOptions<LiveOptions> options, TimeProvider time, ILogger<ChangeFeed> logger) =>
        (_rows, _listeners, _options, _time, _logger) = (rows, [.. listeners], options.Value, time, logger);

    private enum Cause
    {
        Stream,
        Tick,
        HoleGrown,
    }

    /// <summary>The last sequence delivered on this node.</summary>
    public long Head => Interlocked.Read(ref _head);

    /// <summary>Completes once the feed knows where it starts: the database has answered.</summary>
    public Task Started => _started.Task;

    /// <summary>Takes a stream's message; never waits.</summary>
    public void Take(ChangesCommitted message)
    {
        if (message.Changes.Count > 0)
        {
            _inbox.Writer.TryWrite(new(Cause.Stream, message));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await StartAtMaximumAsync(stoppingToken);
        await using var ticks = _time.CreateTimer(_ => _inbox.Writer.TryWrite(new(Cause.Tick, null)), null, _options.PollInterval, _options.PollInterval);
        await using var grace = _time.CreateTimer(
            _ => _inbox.Writer.TryWrite(new(Cause.HoleGrown, null)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var (headAtTick, graceRuns) = (_sequencer.Head, false);
        await foreach (var input in _inbox.Reader.ReadAllAsync(stoppingToken))
        {
            switch (input.Cause)
            {
                case Cause.Stream:
                    Deliver(_sequencer.Take(input.Message!.Changes));
                    break;
                case Cause.Tick:
                    if (_sequencer.Head == headAtTick || _sequencer.HasHole)
                    {
                        await CatchUpAsync(stoppingToken);
                    }

                    headAtTick = _sequencer.Head;
                    break;
                case Cause.HoleGrown:
                    graceRuns = false;
                    if (_sequencer.HasHole)
                    {
                        await CatchUpAsync(stoppingToken);
                    }

                    break;
            }

            if (_sequencer.HasHole && !graceRuns)
            {
                graceRuns = grace.Change(_options.HoleGrace, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async Task StartAtMaximumAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                _sequencer.Reset(await _rows.MaximumAsync(stopping));
                Interlocked.Exchange(ref _head, _sequencer.Head);
                _started.TrySetResult();
                return;
            }
            catch (Exception fault) when (!stopping.IsCancellationRequested)
            {
                PauseAfter(fault);
                await Task.Delay(_pause, _time, stopping);
            }
        }
    }

    private async Task CatchUpAsync(CancellationToken stopping)
    {
        if (_time.GetUtcNow() < _notBefore)
        {
            return;
        }

        try
        {
            while (true)
            {
                var (rows, maximum) = await _rows.AfterAsync(_sequencer.Head, stopping);
                if (maximum < _sequencer.Head)
                {
                    // Committed sequences never go down: this is another database, or an older state of it.
                    LogRestored(_logger, _sequencer.Head, maximum);
                    _sequencer.Reset(maximum);
                    Reset("The database was restored to an earlier state.");
                    break;
                }

                var changes = _sequencer.TakeRead(rows, out var lost);
                if (lost)
                {
                    Reset("Changes were dropped from the feed before this server could read them.");
                }

                Deliver(changes);
                if (rows.Count < ChangeRows.Page)
                {
                    _sequencer.CaughtUp();
                    break;
                }
            }

            _pause = TimeSpan.Zero;
        }
        catch (Exception fault) when (!stopping.IsCancellationRequested)
        {
            PauseAfter(fault);
            _notBefore = _time.GetUtcNow() + _pause;
        }
    }

    private void Deliver(IReadOnlyList<ChangeEvent> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        foreach (var listener in _listeners)
        {
            try
            {
                listener.OnChanges(changes);
            }
            catch (Exception fault)
            {
                // One listener's fault must not stop the others' changes, or the feed.
                LogListenerFailed(_logger, listener.GetType().Name, fault);
            }
        }

        Interlocked.Exchange(ref _head, _sequencer.Head);
    }

    private void Reset(string reason)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener.OnReset(reason);
            }
            catch (Exception fault)
            {
                LogListenerFailed(_logger, listener.GetType().Name, fault);
            }
        }

        Interlocked.Exchange(ref _head, _sequencer.Head);
    }

    private void PauseAfter(Exception fault)
    {
        if (_pause == TimeSpan.Zero)
        {
            LogUnreadable(_logger, fault);
        }

        _pause = _pause == TimeSpan.Zero ? _options.PollInterval : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
    }

    private readonly record struct FeedInput(Cause Cause, ChangesCommitted? Message);

    [LoggerMessage(LogLevel.Warning, "change_event can't be read; the live feed keeps trying")]
    private static partial void LogUnreadable(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Warning, "change_event ends at {Maximum}, before {Head}, which was delivered already: every screen starts afresh")]
    private static partial void LogRestored(ILogger logger, long head, long maximum);

    [LoggerMessage(LogLevel.Error, "{Listener} failed on a change")]
    private static partial void LogListenerFailed(ILogger logger, string listener, Exception fault);
}
