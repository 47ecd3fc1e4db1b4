using ChargeCars.Orders.Deadlines;
using FsCheck.Xunit;
using static ChargeCars.Tests.Orders.Deadlines.Calendars;

namespace ChargeCars.Tests.Orders.Deadlines;

public sealed class SlaTimingTests
{
    private static readonly BusinessCalendar AroundTheClock = All[2];

    [Fact]
    public void Deadline_Running_IsStartPlusTarget() =>
        Assert.Equal(At("2026-03-03T10:00"), SlaTiming.Start(At("2026-03-02T10:00"), 540).Deadline(Office));

    [Fact]
    public void Deadline_AfterTwoPauses_HasBoth()
    {
        var clock = SlaTiming.Start(At("2026-03-02T08:00"), 240)
            .Pause(At("2026-03-02T09:00")).Resume(At("2026-03-02T10:00"))
            .Pause(At("2026-03-02T11:00")).Resume(At("2026-03-02T13:00"));

        Assert.Equal(At("2026-03-02T15:00"), clock.Deadline(Office));
        Assert.Equal(TimeSpan.FromHours(3), clock.AccumulatedPause(Office, At("2026-03-02T14:00")));
        Assert.Equal(TimeSpan.FromHours(1), clock.Remaining(Office, At("2026-03-02T14:00")));
    }

    [Fact]
    public void Deadline_PauseOverAWeekend_CountsItsWorkingTimeOnly()
    {
        var clock = SlaTiming.Start(At("2026-03-06T15:00"), 120).Pause(At("2026-03-06T16:00")).Resume(At("2026-03-09T09:00"));

        Assert.Equal(At("2026-03-09T10:00"), clock.Deadline(Office));
    }

    [Fact]
    public void Deadline_WhilePaused_IsNone()
    {
        var clock = SlaTiming.Start(At("2026-03-02T08:00"), 60).Pause(At("2026-03-02T08:30"));

        Assert.Null(clock.Deadline(Office));
        Assert.False(clock.IsOverdue(Office, At("2026-03-12T08:30")));
        Assert.Equal(TimeSpan.FromMinutes(30), clock.Remaining(Office, At("2026-03-12T08:30")));
    }

    [Fact]
    public void Retarget_KeepsThePauses()
    {
        var clock = SlaTiming.Start(At("2026-03-02T08:00"), 480).Pause(At("2026-03-02T09:00")).Resume(At("2026-03-02T10:00"));

        Assert.Equal(At("2026-03-02T11:00"), clock.Retarget(120).Deadline(Office));
    }

    [Fact]
    public void AnotherCalendar_NeitherLosesNorLengthensAPause()
    {
        // Two days of waiting, from Monday evening to Wednesday evening.
        var clock = SlaTiming.Start(At("2026-03-02T08:00"), 60 * 72).Pause(At("2026-03-02T20:00")).Resume(At("2026-03-04T20:00"));

        Assert.Equal(TimeSpan.FromHours(48), clock.AccumulatedPause(AroundTheClock, At("2026-03-05T00:00")));
        Assert.Equal(At("2026-03-07T08:00"), clock.Deadline(AroundTheClock));
        // The same two days are eighteen hours of an office.
        Assert.Equal(TimeSpan.FromHours(18), clock.AccumulatedPause(Office, At("2026-03-05T00:00")));
        Assert.Equal(At("2026-03-13T17:00"), clock.Deadline(Office));
    }

    [Fact]
    public void Overdue_BeginsAtTheDeadlineAndIsNotUndoneByAPause()
    {
        var clock = SlaTiming.Start(At("2026-03-06T16:00"), 60);

        Assert.False(clock.IsOverdue(Office, At("2026-03-06T17:00").AddTicks(-1)));
        Assert.True(clock.IsOverdue(Office, At("2026-03-06T17:00")));
        var paused = clock.Pause(At("2026-03-07T10:00"));
        Assert.True(paused.IsOverdue(Office, At("2026-03-07T11:00")));
        Assert.Equal(At("2026-03-06T17:00"), paused.Deadline(Office));
        Assert.True(paused.Resume(At("2026-03-09T12:00")).IsOverdue(Office, At("2026-03-09T12:00")));
    }

    [Fact]
    public void Stop_FreezesWhatItFinds()
    {
        var clock = SlaTiming.Start(At("2026-03-02T08:00"), 120).Pause(At("2026-03-02T09:00")).Stop(At("2026-03-02T10:00"));

        Assert.Null(clock.PausedSince);
        Assert.Equal(At("2026-03-02T11:00"), clock.Deadline(Office));
        Assert.False(clock.IsOverdue(Office, At("2026-04-01T08:00")));
        Assert.Equal(TimeSpan.FromHours(1), clock.Remaining(Office, At("2026-04-01T08:00")));
        Assert.Equal(clock, clock.Pause(At("2026-03-02T11:00")).Resume(At("2026-03-02T12:00")).Stop(At("2026-03-02T13:00")));
    }

    [Fact]
    public void ClockOfAnotherHostThatIsBehind_TurnsNoTimeBack()
    {
        var clock = SlaTiming.Start(At("2026-03-02T08:00"), 120).Pause(At("2026-03-02T07:59")).Resume(At("2026-03-02T07:58")).Stop(At("2026-03-02T07:57"));

        Assert.Equal(At("2026-03-02T10:00"), clock.Deadline(Office));
        Assert.Equal(TimeSpan.FromHours(2), clock.Remaining(Office, At("2026-03-02T07:00")));
    }

    /// <summary>Through any pauses and resumes, told twice or not: the deadline is start + target + every pause until it is missed.</summary>
    [Property(MaxTest = 300)]
    public bool Pauses_AreNeverLost(int seed)
    {
        var random = new Random(seed);
        var calendar = All[random.Next(All.Length)];
        var now = Any(random);
        var clock = SlaTiming.Start(now, random.Next(1, 10_000));
        var (paused, missed, former) = (TimeSpan.Zero, false, clock.Deadline(calendar)!.Value);
        for (var step = 0; step < 20; step++)
        {
            var next = now.AddSeconds(random.Next(40 * 3600));
            paused += clock.PausedSince is null ? TimeSpan.Zero : calendar.Between(now, next);
            now = next;
            missed |= clock.IsOverdue(calendar, now);
            clock = random.Next(2) == 0 ? clock.Pause(now) : clock.Resume(now);
            if (clock.AccumulatedPause(calendar, now) != paused || clock.IsOverdue(calendar, now) != missed)
            {
                return false;
            }

            if (clock.Deadline(calendar) is not { } deadline)
            {
                continue;
            }

            var isExact = missed || calendar.Between(clock.StartedAt, deadline) == TimeSpan.FromMinutes(clock.TargetMinutes) + paused;
            if (!isExact || deadline < former || (missed && deadline > now) || (clock.PausedSince is null && !missed && deadline <= now))
            {
                return false;
            }

            former = deadline;
        }

        return true;
    }

    /// <summary>A change of target or calendar and back leaves everything as it was.</summary>
    [Property]
    public bool Retarget_AndBack_ChangesNothing(int seed)
    {
        var random = new Random(seed);
        var start = Any(random);
        var clock = SlaTiming.Start(start, 600).Pause(start.AddHours(random.Next(100))).Resume(start.AddHours(random.Next(100, 300)));
        var deadline = clock.Deadline(Office);
        var back = clock.Retarget(60).Retarget(600);
        return clock.Retarget(60).Deadline(Nights) is not null && back == clock && back.Deadline(Office) == deadline;
    }
}
