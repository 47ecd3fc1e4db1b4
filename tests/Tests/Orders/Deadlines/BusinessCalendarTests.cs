using System.Globalization;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform;
using ChargeCars.Platform.Entities;
using FsCheck.Xunit;
using static ChargeCars.Tests.Orders.Deadlines.Calendars;

namespace ChargeCars.Tests.Orders.Deadlines;

public sealed class BusinessCalendarTests
{
    [Theory]
    [InlineData(2025, "01-01 04-21 04-26 05-05 05-29 06-09 12-25 12-26")]
    [InlineData(2026, "01-01 04-06 04-27 05-14 05-25 12-25 12-26")]
    [InlineData(2027, "01-01 03-29 04-27 05-06 05-17 12-25 12-26")]
    [InlineData(2031, "01-01 04-14 04-26 05-22 06-02 12-25 12-26")]
    public void Holidays_AreThoseOfTheYear(int year, string days) => Assert.Equal(days, Holidays(year, new CalendarSettings()));

    [Fact]
    public void Holidays_LiberationDayAndGoodFriday_AreSettings()
    {
        Assert.Contains("05-05", Holidays(2026, new() { LiberationDay = LiberationDayRule.EveryYear }), StringComparison.Ordinal);
        Assert.DoesNotContain("05-05", Holidays(2025, new() { LiberationDay = LiberationDayRule.Never }), StringComparison.Ordinal);
        Assert.Contains("04-03", Holidays(2026, new() { IsGoodFridayOff = true }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-06T16:00", 60, "2026-03-06T17:00")] // to the end of Friday, not the beginning of Monday
    [InlineData("2026-03-06T16:00", 61, "2026-03-09T08:01")]
    [InlineData("2026-03-07T12:00", 30, "2026-03-09T08:30")]
    [InlineData("2026-03-07T12:00", 0, "2026-03-07T12:00")]
    [InlineData("2026-04-03T16:30", 60, "2026-04-07T08:30")] // Easter: Good Friday is a working day, Monday is not
    [InlineData("2026-03-27T16:00", 120, "2026-03-30T09:00")] // over the change to summer time
    [InlineData("2026-12-24T16:00", 540, "2026-12-28T16:00")]
    public void Add_CountsWorkingMinutes(string from, int minutes, string to) => Assert.Equal(At(to), Office.Add(minutes, At(from)));

    [Theory]
    [InlineData("2026-03-02T08:00", "2026-03-02T17:00", 540)]
    [InlineData("2026-03-02T07:00", "2026-03-03T09:30", 630)]
    [InlineData("2026-03-07T00:00", "2026-03-09T00:00", 0)]
    [InlineData("2026-04-27T08:00", "2026-04-27T17:00", 0)]
    [InlineData("2026-03-03T09:30", "2026-03-02T07:00", -630)]
    public void Between_CountsWorkingMinutes(string from, string to, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Office.Between(At(from), At(to)));

    [Fact]
    public void Closing_IsNotWorked()
    {
        var calendar = new BusinessCalendar(new() { Closings = [new(new(2026, 7, 27), new(2026, 8, 14), "Bouwvak")] });

        Assert.Equal(At("2026-08-17T09:00"), calendar.Add(120, At("2026-07-24T16:00")));
        Assert.False(calendar.IsWorkingDay(new(2026, 8, 14)));
        Assert.True(calendar.IsWorkingDay(new(2026, 8, 17)));
    }

    [Theory]
    [InlineData("2026-03-28", 2 + 2.5 + 3.25)]
    [InlineData("2026-03-29", 2 + 2 + 3)] // 02:00 to 03:00 is missing, 02:30 and 02:45 with it
    [InlineData("2026-10-25", 2 + 2.5 + 4.25)] // 02:30 and 02:45 are the first ones, the hour passes once more until 06:00
    public void Nights_OverAChangeOfTheClock_AreAsLongAsTheyAre(string date, double hours)
    {
        var day = DateOnly.Parse(date, CultureInfo.InvariantCulture);

        Assert.Equal(TimeSpan.FromHours(hours), Nights.Between(WallClock.StartOf(day), WallClock.StartOf(day.AddDays(1))));
    }

    [Fact]
    public void IsOpen_TheEndIsNotIncluded()
    {
        Assert.False(Office.IsOpen(At("2026-03-02T07:59")));
        Assert.True(Office.IsOpen(At("2026-03-02T08:00")));
        Assert.False(Office.IsOpen(At("2026-03-02T17:00")));
        Assert.False(Office.IsOpen(At("2026-03-07T12:00")));
    }

    [Property]
    public bool Add_InTwoSteps_IsTheSameAsInOne(int seed)
    {
        var (calendar, random) = Draw(seed);
        var (from, first, second) = (Any(random), Span(random), Span(random));
        return calendar.Add(second, calendar.Add(first, from)) == calendar.Add(first + second, from);
    }

    [Property]
    public bool Add_IsTheFirstMomentByWhichTheTimeHasPassed(int seed)
    {
        var (calendar, random) = Draw(seed);
        var (from, time) = (Any(random), Span(random));
        var to = calendar.Add(time, from);
        return to >= from && calendar.Between(from, to) == time && (time == TimeSpan.Zero || calendar.Between(from, to.AddSeconds(-1)) < time);
    }

    [Property]
    public bool Add_MoreOrLater_IsNeverEarlier(int seed)
    {
        var (calendar, random) = Draw(seed);
        var (from, time, more) = (Any(random), Span(random), Span(random));
        return calendar.Add(time + more, from) >= calendar.Add(time, from) && calendar.Add(time, from + more) >= calendar.Add(time, from);
    }

    [Property]
    public bool Between_AddsUpInAnyOrderOfMoments(int seed)
    {
        var (calendar, random) = Draw(seed);
        var (a, b, c) = (Any(random), Any(random), Any(random));
        return calendar.Between(a, b) + calendar.Between(b, c) == calendar.Between(a, c);
    }

    [Fact]
    public void Add_WhatCannotBeHad_IsAMistakeOfTheProgrammer()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Office.Add(-1, At("2026-03-02T08:00")));
        Assert.Throws<ArgumentOutOfRangeException>(() => Office.Add(TimeSpan.FromDays(100_000), At("2026-03-02T08:00")));
    }

    [Fact]
    public void Rules_Default_IsSound() => Assert.Null(CalendarRules.Check(new FieldFaults(), new CalendarSettings()).Invalid);

    [Fact]
    public void Rules_Faults_AreNamedByField()
    {
        var settings = new CalendarSettings
        {
            Hours = new()
            {
                Monday = [new(new(8, 0), new(12, 0)), new(new(11, 0), new(17, 0))],
                Tuesday = [new(new(17, 0), new(8, 0))],
                Wednesday = [.. Enumerable.Range(0, 6).Select(hour => new HoursOfDay(new(hour, 0), new(hour, 30)))],
            },
            Closings = [new(new(2026, 8, 1), new(2026, 7, 1)), new(new(1, 1, 1), new(9999, 1, 1)), new(new(2026, 1, 1), new(2027, 2, 1), "a\u202Eb")],
        };

        Assert.Equal(
            ["closings[0].last", "closings[1].first", "closings[1].last", "closings[2].last", "closings[2].name",
                "hours.monday[1]", "hours.tuesday[0]", "hours.wednesday"],
            CalendarRules.Check(new FieldFaults(), settings).Invalid!.Fields.Keys.Order());
        Assert.Equal(["hours"], CalendarRules.Check(new FieldFaults(), new() { Hours = new() }).Invalid!.Fields.Keys);
    }

    private static string Holidays(int year, CalendarSettings settings) => string.Join(' ', DutchHolidays.Of(year, settings).Order()
        .Select(day => day.ToString("MM-dd", CultureInfo.InvariantCulture)));

    private static (BusinessCalendar Calendar, Random Random) Draw(int seed)
    {
        var random = new Random(seed);
        return (All[random.Next(All.Length)], random);
    }

    private static TimeSpan Span(Random random) => TimeSpan.FromSeconds(random.Next(5) == 0 ? 0 : random.Next(120 * 3600));
}
