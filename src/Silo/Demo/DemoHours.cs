using ChargeCars.Platform;

namespace ChargeCars.Silo.Demo;

/// <summary>Which time of the day the fleet lives in: whoever looks at it in the evening is to see a working day.</summary>
internal static class DemoHours
{
    private static readonly TimeOnly Opens = new(7, 0);
    private static readonly TimeOnly Closes = new(17, 0);

    /// <summary>
    /// How far the fleet's clock is ahead of the real one. In the evening it is behind by a fixed time, at night ahead by one: a host
    /// that starts again the same night finds its vans where they were.
    /// </summary>
    /// <param name="now">UTC.</param>
    /// <param name="asked">What time it is to be, on Dutch clocks; null for the rule.</param>
    public static TimeSpan Ahead(DateTimeOffset now, TimeOnly? asked)
    {
        var clock = TimeOnly.FromTimeSpan(TimeZoneInfo.ConvertTime(now, WallClock.Zone).TimeOfDay);
        return asked is { } time ? time.ToTimeSpan() - clock.ToTimeSpan()
            : clock >= Closes ? TimeSpan.FromHours(-9)
            : clock < Opens ? TimeSpan.FromHours(7.5)
            : TimeSpan.Zero;
    }
}
