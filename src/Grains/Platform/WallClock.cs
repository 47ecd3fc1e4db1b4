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

    /// <summary>
    /// The moment, UTC, at which the clock shows what somebody planned, as <see cref="MomentOf"/>; a time that the clock skips is refused
    /// under the field's name.
    /// </summary>
    public static Result<DateTimeOffset> Planned(DateOnly date, TimeOnly time, string field) => MomentOf(date, time) is { } moment
        ? moment
        : Invalid.Field(field, string.Create(
            CultureInfo.InvariantCulture,
            $"does not exist: on {date:d MMMM yyyy} the clock is put forward over {time:HH:mm}; choose a time before or after that hour"));

    /// <summary>
    /// The moment, UTC, from which the clock shows this time or a later one of its day, as <see cref="MomentOf"/>; for a time that the
    /// clock skips, the moment at which it is put forward.
    /// </summary>
    public static DateTimeOffset FirstAt(DateOnly date, TimeOnly time)
    {
        if (MomentOf(date, time) is { } moment)
        {
            return moment;
        }

        // EU law: the clock is put forward by a whole hour at 01:00 UTC.
        var wall = date.ToDateTime(time, DateTimeKind.Unspecified);
        var after = new DateTimeOffset(wall, Zone.GetUtcOffset(wall.AddDays(-1))).ToUniversalTime();
        return after.AddTicks(-(after.Ticks % TimeSpan.TicksPerHour));
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
