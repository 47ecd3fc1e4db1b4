using Microsoft.Extensions.Time.Testing;

namespace ChargeCars.Tests.Identity;

/// <summary>
/// A fake clock that can leap over days. <see cref="FakeTimeProvider.Advance"/> lets every timer fire as often as it would
/// have: a month of one that fires each five seconds is half a million times, and proves nothing more.
/// </summary>
public sealed class LeapingClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero))
{
    private static readonly TimeSpan Last = TimeSpan.FromSeconds(30);
    private TimeSpan _leapt;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _leapt;

    /// <summary>To that much later; timers fire as in its last thirty seconds.</summary>
    public void Leap(TimeSpan by)
    {
        _leapt += by - Last;
        Advance(Last);
    }
}
