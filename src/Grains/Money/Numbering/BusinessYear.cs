using ChargeCars.Platform.Storage;

namespace ChargeCars.Money.Numbering;

/// <summary>The year that a document belongs to: that of the business date in Europe/Amsterdam, not of UTC.</summary>
public static class BusinessYear
{
    // IANA's name; where the host has none of those (Windows without ICU), Windows' own name of the same zone.
    private static readonly string[] ZoneNames = ["Europe/Amsterdam", "W. Europe Standard Time"];

    private static readonly Lazy<TimeZoneInfo> Zone = new(Find);

    /// <summary>The business year at a moment.</summary>
    public static int Of(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone.Value).Year;

    /// <summary>The business date at a moment.</summary>
    public static DateOnly DateOf(DateTimeOffset moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Zone.Value).DateTime);

    /// <summary>Fails at start rather than at the first number, where the host knows no time zones.</summary>
    /// <exception cref="StartupException">The zone is not there.</exception>
    public static void EnsureKnown() => _ = Zone.Value;

    private static TimeZoneInfo Find()
    {
        foreach (var name in ZoneNames)
        {
            if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone))
            {
                return zone;
            }
        }

        throw new StartupException(
            "The time zone Europe/Amsterdam is not on this machine, and numbers are given by its year: install the package tzdata.");
    }
}
