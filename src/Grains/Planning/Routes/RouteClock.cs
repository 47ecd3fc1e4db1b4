using ChargeCars.Platform;

namespace ChargeCars.Planning.Routes;

/// <summary>A day's moments as whole seconds since its midnight, by the clock on the wall in the Netherlands.</summary>
public readonly record struct RouteClock(DateTimeOffset Midnight)
{
    /// <summary>The clock of a date.</summary>
    public static RouteClock Of(DateOnly date) => new(WallClock.StartOf(date));

    /// <summary>Seconds since midnight; negative before it. Fractions are dropped.</summary>
    public int At(DateTimeOffset moment) => (int)Math.Floor((moment - Midnight).TotalSeconds);

    /// <summary>The moment, UTC.</summary>
    public DateTimeOffset Moment(int seconds) => Midnight.AddSeconds(seconds);

    /// <summary>The time on the wall, such as 09:05.</summary>
    public string Text(int seconds) => WallClock.TimeText(Moment(seconds));
}
