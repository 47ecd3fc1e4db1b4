using ChargeCars.Platform;

namespace ChargeCars.Tests.Orders;

/// <summary>Days as the company counts them: in the last hours of the evening the date of UTC is yesterday's.</summary>
internal static class WorkDay
{
    public static DateOnly Today => WallClock.DateOf(DateTimeOffset.UtcNow);

    /// <summary>An hour of a day, on Dutch clocks.</summary>
    public static DateTimeOffset At(int hour, int daysFromToday = 0) => WallClock.FirstAt(Today.AddDays(daysFromToday), new(hour, 0));
}
