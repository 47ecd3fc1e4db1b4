using FsCheck.Xunit;

namespace ChargeCars.Tests.Platform;

public sealed class TimeRangeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 500)]
    public void Overlaps_AnyTwo_IsAMomentInCommon(byte start, byte length, byte otherStart, byte otherLength)
    {
        var (one, other) = (Range(start % 10, length % 6), Range(otherStart % 10, otherLength % 6));

        var common = Enumerable.Range(0, 20).Any(minute => one.Contains(Noon.AddMinutes(minute)) && other.Contains(Noon.AddMinutes(minute)));

        Assert.Equal(common, one.Overlaps(other));
        Assert.Equal(common, other.Overlaps(one));
    }

    [Fact]
    public void Overlaps_OneOfTheSameMomentElsewhere_IsTheSame() =>
        Assert.True(Range(0, 2).Overlaps(new(Range(1, 2).Start.ToOffset(TimeSpan.FromHours(2)), Range(1, 2).End.ToOffset(TimeSpan.FromHours(-5)))));

    private static TimeRange Range(int start, int length) => new(Noon.AddMinutes(start), Noon.AddMinutes(start + length));
}
