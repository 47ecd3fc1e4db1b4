using ChargeCars.Orders.Deadlines;

namespace ChargeCars.Conversations.Threads;

/// <summary>How long somebody waits, in the hours in which we work.</summary>
public static class WaitingTime
{
    private static readonly BusinessCalendar Calendar = new(new CalendarSettings());

    /// <summary>Whole business minutes between two moments, UTC.</summary>
    public static int Minutes(DateTimeOffset from, DateTimeOffset to) => to <= from ? 0 : (int)Calendar.Between(from, to).TotalMinutes;
}
