using System.Globalization;
using ChargeCars.Platform;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Platform;

/// <summary>Times of the clock on the wall around the nights in which it is changed.</summary>
public sealed class PlannedTimeTests
{
    [Theory]
    [InlineData("2026-01-15T09:00", "2026-01-15T08:00Z")]
    [InlineData("2026-07-15T09:00", "2026-07-15T07:00Z")]
    [InlineData("2026-03-29T01:59", "2026-03-29T00:59Z")]
    [InlineData("2026-03-29T03:00", "2026-03-29T01:00Z")]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30Z")] // shown twice: the first, of summer time
    [InlineData("2026-10-25T03:00", "2026-10-25T02:00Z")]
    [InlineData("2027-10-31T02:00", "2027-10-31T00:00Z")]
    public void Planned_TimeOfTheWall_IsItsFirstMoment(string wall, string moment) => Assert.Equal(Moment(moment), Planned(Wall(wall)).Value);

    [Theory]
    [InlineData("2026-03-29T02:00")]
    [InlineData("2026-03-29T02:59")]
    [InlineData("2027-03-28T02:30")]
    public void Planned_InTheHourThatIsSkipped_IsRefused(string wall)
    {
        var refusal = Assert.IsType<Invalid>(Planned(Wall(wall)).Error);

        Assert.Contains("does not exist", Assert.Single(refusal.Fields["scheduledStart"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-29T02:00", "2026-03-29T01:00Z")]
    [InlineData("2026-03-29T02:59", "2026-03-29T01:00Z")]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30Z")]
    public void FirstAt_SkippedOrDoubled_IsWhenTheClockPassesIt(string wall, string moment) => Assert.Equal(Moment(moment), FirstAt(Wall(wall)));

    [Property]
    public bool FirstAt_LaterOnTheWall_IsNeverEarlier(uint first, uint second)
    {
        DateTime[] walls = [AnyWall(first), AnyWall(second)];
        Array.Sort(walls);
        return FirstAt(walls[0]) <= FirstAt(walls[1]);
    }

    [Property]
    public bool Planned_AnyTimeThatExists_IsWhatTheClockShowsThen(uint number) =>
        Planned(AnyWall(number)) is not { Succeeded: true, Value: var moment } || WallClock.Of(moment) == AnyWall(number);

    // The night of either clock change, every other time: arbitrary minutes of forty years seldom hit one.
    private static DateTime AnyWall(uint number) => number % 2 == 0
        ? new DateTime(2020, 1, 1).AddMinutes(number % (40 * 366 * 1440))
        : new DateTime(2026, number % 4 == 1 ? 3 : 10, number % 4 == 1 ? 29 : 25).AddMinutes(number / 4 % 300);

    private static Result<DateTimeOffset> Planned(DateTime wall) =>
        WallClock.Planned(DateOnly.FromDateTime(wall), TimeOnly.FromDateTime(wall), "scheduledStart");

    private static DateTimeOffset FirstAt(DateTime wall) => WallClock.FirstAt(DateOnly.FromDateTime(wall), TimeOnly.FromDateTime(wall));

    private static DateTime Wall(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
