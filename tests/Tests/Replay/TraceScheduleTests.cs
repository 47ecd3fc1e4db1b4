using ChargeCars.Silo.Replay;
using FsCheck.Xunit;
using Xunit;

namespace ChargeCars.Tests.Replay;

public sealed class TraceScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Property]
    public void Spacing_AtAnySpeed_IsAsRecorded(int[] offsets, byte speed, byte fraction)
    {
        var trace = Recorded("A", offsets);
        var scheduled = Schedule(Speed(speed, fraction), trace);

        Assert.Equal(
            trace.Fixes.Zip(trace.Fixes.Skip(1), (one, next) => next.Time - one.Time),
            scheduled.Zip(scheduled.Skip(1), (one, next) => next.FixTime - one.FixTime));
    }

    [Property]
    public void Fix_WhenSent_IsNeverInTheFuture(int[] offsets, int[] others, byte speed, byte fraction)
    {
        Assert.All(
            Schedule(Speed(speed, fraction), Recorded("A", offsets), Recorded("B", others)),
            fix => Assert.True(fix.FixTime <= fix.SendAt));
    }

    [Property]
    public void Last_WhenSent_IsNow(int[] offsets, byte speed, byte fraction)
    {
        var last = Schedule(Speed(speed, fraction), Recorded("A", offsets))[^1];

        Assert.InRange(last.SendAt - last.FixTime, TimeSpan.Zero, TimeSpan.FromMicroseconds(1));
    }

    [Property]
    public void Order_OfSeveralFiles_IsThatOfSendingAndWithinAVehicleThatOfRecording(int[] offsets, int[] others, byte speed, byte fraction)
    {
        var traces = new[] { Recorded("A", offsets), Recorded("B", others) };
        var scheduled = Schedule(Speed(speed, fraction), traces);

        Assert.Equal(scheduled.OrderBy(fix => fix.SendAt).Select(fix => fix.SendAt), scheduled.Select(fix => fix.SendAt));
        Assert.All(traces, trace => Assert.Equal(
            trace.Fixes, scheduled.Where(fix => fix.Vehicle == trace.Vehicles[0]).Select(fix => fix.Fix)));
    }

    [Property]
    public void WallTime_AtSpeedN_IsTheDurationDividedByN(int[] offsets, byte speed)
    {
        var trace = Recorded("A", offsets);
        var schedule = new TraceSchedule([trace], speed + 1);

        Assert.Equal((trace.Last - trace.First).Ticks / (speed + 1), schedule.Duration.Ticks);
        Assert.Equal(Start + schedule.Duration, schedule.StartingAt(Start).Last().SendAt);
        Assert.Equal(Start, schedule.StartingAt(Start).First().SendAt);
    }

    [Fact]
    public void Fixes_OfOneSecond_KeepTheOrderOfTheFile()
    {
        var fixes = Enumerable.Range(0, 29).Select(index => new Fix(DateTime.UnixEpoch, index, 0, 0, 0, 0, 0, 0)).ToList();

        var scheduled = Schedule(1, new Trace("a", ["A"], fixes));

        Assert.Equal(Enumerable.Range(0, 29), scheduled.Select(fix => (int)fix.Fix.Latitude));
        Assert.All(scheduled, fix => Assert.Equal((Start, Start), (fix.SendAt, fix.FixTime)));
    }

    [Fact]
    public void Files_OfUnrelatedVehicles_StartTogether()
    {
        var scheduled = Schedule(1, At("A", "1970-01-01 00:00"), At("B", "2015-01-01 00:00"));

        Assert.All(scheduled, fix => Assert.Equal(Start, fix.SendAt));
    }

    [Fact]
    public void Files_OfOneVehicle_KeepTheDistanceBetweenThem()
    {
        var scheduled = Schedule(2, At("A", "2026-01-02 00:00"), At("a", "2026-01-01 00:00"));

        Assert.Equal([Start, Start.AddHours(12)], scheduled.Select(fix => fix.SendAt));
        Assert.Equal([Start.AddHours(-12), Start.AddHours(12)], scheduled.Select(fix => fix.FixTime));
    }

    [Fact]
    public void Files_OfOneVehicleDecadesApart_AreRefused()
    {
        var error = Assert.Throws<ReplayException>(() => Schedule(1, At("A", "1970-01-01 00:00"), At("A", "2015-01-01 00:00")));

        Assert.Contains("from 1970-01-01 to 2015-01-01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Speed_BelowOne_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule(0.5m, At("A", "2026-01-01 00:00")));
    }

    private static decimal Speed(byte whole, byte fraction) => 1 + whole + fraction / 100m;

    private static List<ScheduledFix> Schedule(decimal speed, params Trace[] traces) =>
        [.. new TraceSchedule(traces, speed).StartingAt(Start)];

    private static Trace At(string vehicle, string time) => Trace(vehicle, [DateTime.Parse(time, null, System.Globalization.DateTimeStyles.AdjustToUniversal)]);

    // Odd ticks, so that rounding has something to go wrong with; the latitude tells the fixes apart.
    private static Trace Recorded(string vehicle, int[] offsets) =>
        Trace(vehicle, offsets.Append(0).Select(offset => DateTime.UnixEpoch.AddTicks(offset * 1_234_567L)));

    private static Trace Trace(string vehicle, IEnumerable<DateTime> times) =>
        new(vehicle, [vehicle], [.. times.Select((time, index) => new Fix(time, index, 0, 0, 0, 0, 0, 0))]);
}
