using System.Globalization;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Platform;

/// <summary>The clock on the wall in the Netherlands (Europe/Amsterdam), by which people agree on days and hours.</summary>
public static class WallClock
{
    // IANA's name; where the host has none of those (Windows without ICU), Windows' own name of the same zone.
    private static readonly string[] ZoneNames = ["Europe/Amsterdam", "W. Europe Standard Time"];

    private static readonly Lazy<TimeZoneInfo> Known = new(Find);

    /// <summary>The time zone.</summary>
    /// <exception cref="StartupException">The host does not know it.</exception>
    public static TimeZoneInfo Zone => Known.Value;

    /// <summary>What the clock shows at a moment.</summary>
    public static DateTime Of(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone).DateTime;

    /// <summary>The date at a moment.</summary>
    public static DateOnly DateOf(DateTimeOffset moment) => DateOnly.FromDateTime(Of(moment));

    /// <summary>When a date begins, UTC.</summary>
    public static DateTimeOffset StartOf(DateOnly date) => MomentOf(date, TimeOnly.MinValue)
        ?? throw new InvalidOperationException($"The clock skips the midnight of {date:O}.");

    /// <summary>
    /// The moment, UTC, at which the clock shows a time. Null for a time that the clock skips in spring; of a time that it
    /// shows twice in autumn, the first.
    /// </summary>
    public static DateTimeOffset? MomentOf(DateOnly date, TimeOnly time)
    {
        var wall = date.ToDateTime(time, DateTimeKind.Unspecified);
        if (Zone.IsInvalidTime(wall))
        {
            return null;
        }

        var offset = Zone.IsAmbiguousTime(wall) ? Zone.GetAmbiguousTimeOffsets(wall).Max() : Zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }

    /// <summary>The time that the clock shows, such as 09:05.</summary>
    public static string TimeText(DateTimeOffset moment) => Of(moment).ToString("HH:mm", CultureInfo.InvariantCulture);

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
            "The time zone Europe/Amsterdam is not on this machine, and numbers and days are told by it: install the package tzdata.");
    }
}
