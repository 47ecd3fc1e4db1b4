using ChargeCars.Platform;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>What working hours must satisfy, and whether a moment lies within them. Pure.</summary>
public static class WorkingHoursRules
{
    private const int MostWindows = 50;

    /// <summary>Every fault by its field; null where there is none.</summary>
    public static Invalid? Check(WorkingHours? hours)
    {
        if (hours is null)
        {
            return null;
        }

        var faults = new Dictionary<string, string[]>();
        if (hours.Windows is not { Count: >= 1 and <= MostWindows })
        {
            return Invalid.Field("windows", $"must hold 1 to {MostWindows}: to keep positions at all times delete the working hours");
        }

        for (var i = 0; i < hours.Windows.Count; i++)
        {
            var (window, field) = (hours.Windows[i], $"windows[{i}]");
            if (window is null)
            {
                faults[field] = ["is required"];
                continue;
            }

            Rule($"{field}.days", window.Days is not { Count: >= 1 and <= 7 }, "is required: the days on which it begins");
            Rule($"{field}.from", window.From is null, "is required: a time such as 07:30");
            Rule($"{field}.to", window.To is null, "is required: a time such as 18:00");
        }

        return faults.Count == 0 ? null : new Invalid(faults);

        void Rule(string field, bool broken, string fault)
        {
            if (broken)
            {
                faults[field] = [fault];
            }
        }
    }

    /// <summary>Whether the moment is within a window, by the clock on the wall.</summary>
    public static bool Contains(WorkingHours hours, DateTimeOffset moment)
    {
        var local = WallClock.Of(moment);
        var (day, time) = ((WorkingDay)local.DayOfWeek, TimeOnly.FromDateTime(local));
        var yesterday = (WorkingDay)(((int)day + 6) % 7);
        foreach (var window in hours.Windows)
        {
            var overnight = window.To <= window.From;
            if ((time >= window.From && (overnight || time < window.To) && window.Days.Contains(day))
                || (overnight && time < window.To && window.Days.Contains(yesterday)))
            {
                return true;
            }
        }

        return false;
    }
}
