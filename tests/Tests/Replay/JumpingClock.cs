using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Replay;

/// <summary>Every wait is over at once, and the clock shows that it was waited for.</summary>
internal sealed class JumpingClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero))
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero) Advance(dueTime);
        return timer;
    }
}
