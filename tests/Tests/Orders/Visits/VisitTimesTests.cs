using ChargeCars.Orders.Visits;
using ChargeCars.Platform;
using ChargeCars.Platform.Entities;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Orders.Visits;

public sealed class VisitTimesTests
{
    [Theory]
    [InlineData("2026-03-04T08:00Z", "2026-03-04T10:00Z", null)]
    [InlineData("2026-03-04T22:00Z", "2026-03-04T23:00Z", null)] // ends at midnight
    [InlineData("2026-03-04T22:00Z", "2026-03-04T23:00:01Z", "scheduledEnd must be on the day of scheduledStart in the Netherlands: plan work over midnight as two visits")]
    [InlineData("2026-07-04T21:30Z", "2026-07-04T22:30Z", "scheduledEnd must be on the day of scheduledStart in the Netherlands: plan work over midnight as two visits")]
    [InlineData("2026-03-04T10:00Z", "2026-03-04T10:00Z", "scheduledEnd must be after scheduledStart")]
    [InlineData("2026-03-04T10:00Z", "2026-03-04T08:00Z", "scheduledEnd must be after scheduledStart")]
    [InlineData("2026-03-04T10:00Z", "2026-03-04T10:04Z", "scheduledEnd must be 5 to 720 minutes after scheduledStart, not 4")]
    [InlineData("2026-03-04T06:00Z", "2026-03-04T18:01Z", "scheduledEnd must be 5 to 720 minutes after scheduledStart, not 721")]
    [InlineData("2026-03-04T10:00+02:00", "2026-03-04T09:00Z", null)]
    [InlineData("2026-10-25T00:30Z", "2026-10-25T01:30Z", null)] // 02:30 to 02:30, an hour later
    [InlineData(null, "2026-03-04T09:00Z", "scheduledStart is required with scheduledEnd")]
    [InlineData("2026-03-04T09:00Z", null, "scheduledEnd is required with scheduledStart")]
    [InlineData(null, null, null)]
    [InlineData("0001-01-01T00:00Z", "2026-03-04T09:00Z", "scheduledStart must be in the years 1900 to 2200")]
    public void CheckPlanned_NamesTheFault(string? start, string? end, string? fault) =>
        Assert.Equal(fault, Fault(new FieldFaults().CheckPlanned(At(start), At(end))));

    [Fact]
    public void CheckPlanned_BesideOtherFaults_NamesItsOwn()
    {
        var faults = new FieldFaults().Fault("reason", "is required").CheckPlanned(At("2026-03-04T10:00Z"), At("2026-03-04T09:00Z"));

        Assert.Equal(["reason", "scheduledEnd"], faults.Invalid!.Fields.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("2026-03-04T07:00Z", "2026-03-04T11:00Z", null)]
    [InlineData("2026-03-04T07:00Z", null, null)]
    [InlineData(null, "2026-03-04T11:00Z", null)]
    [InlineData("2026-03-04T11:00Z", "2026-03-04T11:00Z", "windowEnd must be after windowStart")]
    [InlineData("2026-03-04T11:00Z", "2026-03-05T11:00Z", "windowEnd must be on the day of windowStart in the Netherlands")]
    public void CheckWindow_NamesTheFault(string? start, string? end, string? fault) =>
        Assert.Equal(fault, Fault(new FieldFaults().CheckWindow(At(start), At(end))));

    [Theory]
    [InlineData(4, "estimatedMinutes must be 5 to 720")]
    [InlineData(5, null)]
    [InlineData(720, null)]
    [InlineData(721, "estimatedMinutes must be 5 to 720")]
    [InlineData(null, null)]
    public void CheckEstimate_KeepsTheBounds(int? minutes, string? fault) => Assert.Equal(fault, Fault(new FieldFaults().CheckEstimate(minutes)));

    [Fact]
    public void FromWall_InTheSkippedHour_IsRefused_AndInTheDoubledTheFirst()
    {
        var skipped = Assert.IsType<Invalid>(VisitTimes.FromWall("start", new(2027, 3, 28), new(2, 30)).Error);
        Assert.Equal("does not exist: the clock goes from 02:00 to 03:00 on 2027-03-28", skipped.Fields["start"][0]);
        Assert.Equal(At("2027-10-31T00:30Z"), VisitTimes.FromWall("start", new(2027, 10, 31), new(2, 30)).Value);
    }

    [Property(MaxTest = 200)]
    public void Tidy_AnyMoment_IsWholeSecondsUtcAndLessThanASecondBefore(int ticks, byte offset)
    {
        var moment = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.FromHours(offset % 14)).AddTicks(ticks);

        var tidy = VisitTimes.Tidy(moment);

        Assert.Equal((TimeSpan.Zero, 0), (tidy.Offset, tidy.Ticks % TimeSpan.TicksPerSecond));
        Assert.InRange(moment - tidy, TimeSpan.Zero, TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
    }

    [Property(MaxTest = 300)]
    public void CheckPlanned_ThatPasses_IsOnOneDayOfTheWall(int startMinute, short minutes)
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes((uint)startMinute % 525_600);
        var end = start.AddMinutes(minutes % 1_500);

        if (Fault(new FieldFaults().CheckPlanned(start, end)) is null)
        {
            Assert.True(end > start);
            Assert.True(WallClock.Of(end) <= WallClock.Of(start).Date.AddDays(1));
        }
    }

    private static DateTimeOffset? At(string? text) => text is null ? null : DateTimeOffset.Parse(text, null);

    private static string? Fault(FieldFaults faults) => faults.Invalid is { } invalid ? string.Join('|', invalid.Fields.Select(pair => $"{pair.Key} {pair.Value[0]}")) : null;
}
