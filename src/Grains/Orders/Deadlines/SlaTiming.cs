namespace ChargeCars.Orders.Deadlines;

/// <summary>
/// What an <see cref="SlaClock"/> does and says. Pure: the deadline is computed from the whole clock each time, so it is right after a
/// resume, a change of priority (<see cref="Retarget"/>) and a change of calendar alike.
/// </summary>
public static class SlaTiming
{
    /// <summary>A clock that runs.</summary>
    public static SlaClock Start(DateTimeOffset now, int targetMinutes) => new() { StartedAt = now, TargetMinutes = targetMinutes };

    /// <summary>The clock pausing; unchanged where it is paused or stopped.</summary>
    public static SlaClock Pause(this SlaClock clock, DateTimeOffset now) =>
        clock is { PausedSince: null, StoppedAt: null } ? clock with { PausedSince = NotBefore(now, LastTurn(clock)) } : clock;

    /// <summary>The clock running on; unchanged where it is not paused.</summary>
    public static SlaClock Resume(this SlaClock clock, DateTimeOffset now) => clock.PausedSince is not { } since
        ? clock
        : clock with { PausedSince = null, Pauses = [.. clock.Pauses, new SlaPause(since, NotBefore(now, since))] };

    /// <summary>The clock stopped, the work being done; unchanged where it has stopped.</summary>
    public static SlaClock Stop(this SlaClock clock, DateTimeOffset now)
    {
        var running = clock.Resume(now);
        return clock.StoppedAt is null ? running with { StoppedAt = NotBefore(now, LastTurn(running)) } : clock;
    }

    /// <summary>The clock with another target, as another priority has; what was paused stays so.</summary>
    public static SlaClock Retarget(this SlaClock clock, int targetMinutes) => clock with { TargetMinutes = targetMinutes };

    /// <summary>
    /// By when the work must be done, UTC. Null while the clock is paused, since each moment moves it, unless it was missed before.
    /// </summary>
    public static DateTimeOffset? Deadline(this SlaClock clock, BusinessCalendar calendar) =>
        clock.PausedSince is null || clock.IsOverdue(calendar, clock.PausedSince.Value) ? Reached(clock, calendar) : null;

    /// <summary>Whether the deadline was missed; a clock that stands still does not miss it.</summary>
    public static bool IsOverdue(this SlaClock clock, BusinessCalendar calendar, DateTimeOffset now) =>
        (clock.StoppedAt ?? clock.PausedSince ?? now) >= Reached(clock, calendar);

    /// <summary>The working time that was paused, up to now where it is paused still.</summary>
    public static TimeSpan AccumulatedPause(this SlaClock clock, BusinessCalendar calendar, DateTimeOffset now) =>
        clock.Pauses.Aggregate(TimeSpan.Zero, (sum, pause) => sum + calendar.Between(pause.From, pause.To))
        + (clock.PausedSince is { } since ? calendar.Between(since, NotBefore(now, since)) : TimeSpan.Zero);

    /// <summary>The working time that is left; negative once the deadline is missed.</summary>
    public static TimeSpan Remaining(this SlaClock clock, BusinessCalendar calendar, DateTimeOffset now) =>
        TimeSpan.FromMinutes(clock.TargetMinutes) + clock.AccumulatedPause(calendar, now)
        - calendar.Between(clock.StartedAt, clock.StoppedAt ?? NotBefore(now, LastTurn(clock)));

    // By additivity this is start + target + all pauses. A pause after the deadline moves it no more: what was missed stays so.
    private static DateTimeOffset Reached(SlaClock clock, BusinessCalendar calendar)
    {
        var deadline = calendar.Add(clock.TargetMinutes, clock.StartedAt);
        foreach (var pause in clock.Pauses)
        {
            if (pause.From >= deadline)
            {
                break;
            }

            deadline = calendar.Add(calendar.Between(pause.From, pause.To), deadline);
        }

        return deadline;
    }

    private static DateTimeOffset LastTurn(SlaClock clock) => clock.PausedSince ?? (clock.Pauses is [.., var last] ? last.To : clock.StartedAt);

    // Two hosts' clocks may differ by a moment: time does not run back.
    private static DateTimeOffset NotBefore(DateTimeOffset time, DateTimeOffset least) => time < least ? least : time;
}
