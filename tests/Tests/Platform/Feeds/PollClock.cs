using System.Threading.Channels;

namespace ChargeCars.Tests.Platform.Feeds;

/// <summary>
/// The real clock, ahead by as much as the test says, on which nobody waits for the next poll: the feed's timer, which is
/// known by its interval, goes off when the test says so.
/// </summary>
internal sealed class PollClock : TimeProvider
{
    /// <summary>Of no other timer in the host.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(47_011);

    // A bound for what never comes, no measure.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Channel<(PollTimer Timer, TimeSpan Wait)> _resting = Channel.CreateUnbounded<(PollTimer, TimeSpan)>();
    private PollTimer? _next;

    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new PollTimer(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until a poll has ended; answers how long the feed waits for the next one.</summary>
    public async Task<TimeSpan> RestsAsync()
    {
        (_next, var wait) = await _resting.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        return wait;
    }

    public Task<TimeSpan> PollAsync()
    {
        _next!.GoOff();
        return RestsAsync();
    }

    // The interval, or twice, four times, … as long after it failed.
    private static bool IsPolls(TimeSpan wait) => wait > TimeSpan.Zero && wait.Ticks % Interval.Ticks == 0;

    private sealed class PollTimer(PollClock clock, ITimer real) : ITimer
    {
        public void GoOff() => real.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (!IsPolls(dueTime))
            {
                return real.Change(dueTime, period);
            }

            // First stopped, then told: the test sets it off as soon as it reads of it.
            var isChanged = real.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            clock._resting.Writer.TryWrite((this, dueTime));
            return isChanged;
        }

        public void Dispose() => real.Dispose();

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
