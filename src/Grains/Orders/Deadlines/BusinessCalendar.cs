using System.Collections.Concurrent;
using System.Collections.Frozen;
using ChargeCars.Platform;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Deadlines;

/// <summary>
/// Counts working time by a business entity's hours, holidays and closing days. Hours are those of the clock on the wall and
/// their length is true time: a night shift counts an hour less in the night that summer time begins. Immutable; safe for many
/// threads.
/// </summary>
/// <param name="settings">Sound by <see cref="CalendarRules"/>.</param>
public sealed class BusinessCalendar(CalendarSettings settings)
{
    private readonly ConcurrentDictionary<int, FrozenSet<DateOnly>> _holidays = new();

    /// <summary>Of who has no calendar of their own.</summary>
    public static BusinessCalendar Usual { get; } = new(new CalendarSettings());

    /// <summary>Whether anybody works on the date.</summary>
    public bool IsWorkingDay(DateOnly date) => settings.Hours.On(date.DayOfWeek).Count > 0
        && !_holidays.GetOrAdd(date.Year, static (year, settings) => DutchHolidays.Of(year, settings), settings).Contains(date)
        && !settings.Closings.Any(closing => closing.First <= date && date <= closing.Last);

    /// <summary>From the first opening to the last closing of a day; null where nobody works.</summary>
    public TimeRange? HoursOn(DateOnly date) => StretchesOf(date).ToList() is [var first, ..] all ? new(first.From, all[^1].To) : null;

    /// <summary>The times between the first opening and the last closing of a day at which nobody works.</summary>
    public IReadOnlyList<TimeRange> BreaksOn(DateOnly date)
    {
        var stretches = StretchesOf(date).ToList();
        return [.. stretches.Zip(stretches.Skip(1), static (before, after) => new TimeRange(before.To, after.From))];
    }

    /// <summary>Whether the moment is within working hours.</summary>
    public bool IsOpen(DateTimeOffset moment) => StretchesOf(WallClock.DateOf(moment)).Any(stretch => stretch.From <= moment && moment < stretch.To);

    /// <summary>The first moment, UTC, by which so many business minutes have passed; the moment itself for none.</summary>
    public DateTimeOffset Add(int businessMinutes, DateTimeOffset from) => Add(TimeSpan.FromMinutes(businessMinutes), from);

    /// <summary>The first moment, UTC, by which so much working time has passed; the moment itself for none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or not to be had before the year 2200 ends.</exception>
    public DateTimeOffset Add(TimeSpan working, DateTimeOffset from)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(working, TimeSpan.Zero);
        if (working == TimeSpan.Zero)
        {
            return from.ToUniversalTime();
        }

        var left = working;
        for (var date = WallClock.DateOf(from); date.Year <= FieldFaults.LastYear; date = date.AddDays(1))
        {
            foreach (var (opening, closing) in StretchesOf(date))
            {
                var begin = opening > from ? opening : from;
                if (closing - begin >= left)
                {
                    return (begin + left).ToUniversalTime();
                }

                left -= closing > begin ? closing - begin : TimeSpan.Zero;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(working), working, "There is not so much working time before the calendar ends.");
    }

    /// <summary>The whole business minutes between two moments; 0 where the second comes first.</summary>
    public int MinutesBetween(DateTimeOffset from, DateTimeOffset to) => to <= from ? 0 : (int)Between(from, to).TotalMinutes;

    /// <summary>The working time between two moments; negative where the second comes first.</summary>
    public TimeSpan Between(DateTimeOffset from, DateTimeOffset to)
    {
        if (to < from)
        {
            return -Between(to, from);
        }

        var (passed, last) = (TimeSpan.Zero, WallClock.DateOf(to));
        for (var date = WallClock.DateOf(from); date <= last; date = date.AddDays(1))
        {
            foreach (var (opening, closing) in StretchesOf(date))
            {
                var (begin, end) = (opening > from ? opening : from, closing < to ? closing : to);
                passed += end > begin ? end - begin : TimeSpan.Zero;
            }
        }

        return passed;
    }

    private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> StretchesOf(DateOnly date)
    {
        if (!IsWorkingDay(date))
        {
            yield break;
        }

        foreach (var stretch in settings.Hours.On(date.DayOfWeek))
        {
            yield return (WallClock.FirstAt(date, stretch.From), WallClock.FirstAt(stretch.EndsAtMidnight ? date.AddDays(1) : date, stretch.To));
        }
    }
}
