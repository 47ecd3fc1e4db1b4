using ChargeCars.Platform;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Money.Numbering;

/// <summary>The year that a document belongs to: that of the business date in Europe/Amsterdam, not of UTC.</summary>
public static class BusinessYear
{
    /// <summary>The business year at a moment.</summary>
    public static int Of(DateTimeOffset moment) => WallClock.DateOf(moment).Year;

    /// <summary>The business date at a moment.</summary>
    public static DateOnly DateOf(DateTimeOffset moment) => WallClock.DateOf(moment);

    /// <summary>Fails at start rather than at the first number, where the host knows no time zones.</summary>
    /// <exception cref="StartupException">The zone is not there.</exception>
    public static void EnsureKnown() => _ = WallClock.Zone;
}
