using ChargeCars.Platform;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Platform;

public sealed class WallClockTests
{
    [Theory]
    [InlineData("2026-03-29", "01:59", "2026-03-29T00:59:00Z")]
    [InlineData("2026-03-29", "02:00", null)]
    [InlineData("2026-03-29", "02:59", null)]
    [InlineData("2026-03-29", "03:00", "2026-03-29T01:00:00Z")]
    [InlineData("2026-10-25", "02:30", "2026-10-25T00:30:00Z")] // shown twice: the first
    [InlineData("2026-10-25", "03:00", "2026-10-25T02:00:00Z")]
    [InlineData("2026-07-01", "08:00", "2026-07-01T06:00:00Z")]
    [InlineData("2027-01-01", "00:00", "2026-12-31T23:00:00Z")]
    public void MomentOf_AroundTheClockChanges_IsNoneOrTheFirst(string date, string time, string? moment) =>
        Assert.Equal(
            moment is null ? null : DateTimeOffset.Parse(moment, null),
            WallClock.MomentOf(DateOnly.Parse(date, null), TimeOnly.Parse(time, null)));

    [Property(MaxTest = 300)]
    public void MomentOf_AnyTimeThatTheClockShows_IsShownThen(ushort day, ushort minute)
    {
        var date = new DateOnly(2020, 1, 1).AddDays(day % 7_300);
        var time = new TimeOnly(0, 0).AddMinutes(minute % 1_440);
        if (WallClock.MomentOf(date, time) is { } moment)
        {
            Assert.Equal(date.ToDateTime(time), WallClock.Of(moment));
            Assert.NotEqual(WallClock.Of(moment), WallClock.Of(moment.AddHours(-1)));
        }
    }
}
