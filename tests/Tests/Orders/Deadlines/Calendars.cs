using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform;

namespace ChargeCars.Tests.Orders.Deadlines;

/// <summary>Calendars and moments that the tests of deadlines share.</summary>
internal static class Calendars
{
    private static readonly HoursOfDay[] Always = [new(TimeOnly.MinValue, TimeOnly.MinValue)];
    private static readonly HoursOfDay[] Split = [new(new(7, 30), new(12, 0)), new(new(12, 30), new(16, 15))];
    private static readonly HoursOfDay[] Night = [new(TimeOnly.MinValue, new(2, 30)), new(new(2, 45), new(6, 0)), new(new(22, 0), TimeOnly.MinValue)];

    /// <summary>Monday to Friday, 08:00 to 17:00.</summary>
    public static BusinessCalendar Office { get; } = new(new CalendarSettings());

    /// <summary>Every night, over each change of the clock.</summary>
    public static BusinessCalendar Nights { get; } = new(new CalendarSettings { Hours = Week(Night) });

    public static BusinessCalendar[] All { get; } =
    [
        Office,
        Nights,
        new(new CalendarSettings { Hours = Week(Always), LiberationDay = LiberationDayRule.EveryYear }),
        new(new CalendarSettings
        {
            Hours = new() { Tuesday = Split, Thursday = Split, Saturday = Split },
            IsGoodFridayOff = true,
            Closings = [new(new(2026, 7, 27), new(2026, 8, 14), "Bouwvak midden")],
        }),
    ];

    public static WeekHours Week(IReadOnlyList<HoursOfDay> day) =>
        new() { Monday = day, Tuesday = day, Wednesday = day, Thursday = day, Friday = day, Saturday = day, Sunday = day };

    /// <summary>The moment at which a Dutch clock shows it.</summary>
    public static DateTimeOffset At(string wall)
    {
        var time = DateTime.Parse(wall, System.Globalization.CultureInfo.InvariantCulture);
        return WallClock.MomentOf(DateOnly.FromDateTime(time), TimeOnly.FromDateTime(time))!.Value;
    }

    /// <summary>Any second from 2025 to 2027, each tenth in the night of a change of the clock.</summary>
    public static DateTimeOffset Any(Random random) => random.Next(10) == 0
        ? At(random.Next(2) == 0 ? "2026-03-29T00:00" : "2026-10-25T00:00").AddSeconds(random.Next(8 * 3600))
        : At("2025-01-01T00:00").AddSeconds(random.Next(3 * 365 * 86_400));
}
