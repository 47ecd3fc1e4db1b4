using System.Globalization;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Deadlines;

/// <summary>What a calendar must satisfy, so that every deadline can be reached.</summary>
public static class CalendarRules
{
    private const int MostStretches = 5;
    private const int MostClosings = 200;
    private const int LongestClosing = 366;

    private static readonly DayOfWeek[] Days = Enum.GetValues<DayOfWeek>();

    /// <summary>Adds the faults of the fields <c>hours.monday[0]</c>, <c>closings[0].last</c> and so on.</summary>
    public static FieldFaults Check(FieldFaults faults, CalendarSettings settings)
    {
        // A client may write null where a list belongs.
        if (settings.Hours is null || settings.Closings is null || settings.Closings.Contains(null!) || Days.Any(day => settings.Hours.On(day)?.Contains(null!) != false))
        {
            return faults.Rule("hours", settings.Hours is null || Days.Any(day => settings.Hours.On(day)?.Contains(null!) != false), "must hold a list of hours for each day; none is []")
                .Rule("closings", settings.Closings is null || settings.Closings.Contains(null!), "must be a list; none is []");
        }

        faults.OneOf("liberationDay", (LiberationDayRule?)settings.LiberationDay);
        foreach (var day in Days)
        {
            Check(faults, $"hours.{day.ToString().ToLowerInvariant()}", settings.Hours.On(day));
        }

        return faults
            .Rule("hours", Days.SelectMany(settings.Hours.On).Sum(Hours) < 1, "must be at least one hour a week")
            .Each("closings", settings.Closings, MostClosings, (closing, period) => closing
                .Date("first", period.First)
                .Date("last", period.Last)
                .NotBefore<DateOnly>("last", period.Last, "first", period.First)
                .Rule("last", period.Last.DayNumber - period.First.DayNumber >= LongestClosing, $"must be within {LongestClosing} days of first")
                .Text("name", period.Name, ..100));
    }

    private static double Hours(HoursOfDay stretch) => (stretch.End - stretch.From.ToTimeSpan()).TotalHours;

    private static void Check(FieldFaults faults, string field, IReadOnlyList<HoursOfDay> day)
    {
        faults.Rule(field, day.Count > MostStretches, $"must hold at most {MostStretches}");
        for (var i = 0; i < day.Count; i++)
        {
            var stretch = string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]");
            faults
                .Rule(stretch, day[i].End <= day[i].From.ToTimeSpan(), "must end after it begins; 00:00 is the end of the day")
                .Rule(stretch, i > 0 && day[i].From.ToTimeSpan() < day[i - 1].End, "must not begin before the one above it ends");
        }
    }
}
