using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Fleet.Vehicles.Positions;

public sealed class PositionJudgeTests
{
    private static readonly PositionOptions Limits = new();

    public static TheoryData<string, PositionFix, FixOutcome?> Cases => new()
    {
        { "a good fix", Fixes.At(0), null },
        { "nothing but place and time", new(Fixes.Noon, 52, 5, null, null, null, null, null, null, "api"), null },
        { "latitude above 90", Fixes.At(0, 90.001), FixOutcome.InvalidCoordinates },
        { "longitude below -180", Fixes.At(0, 52, -180.001), FixOutcome.InvalidCoordinates },
        { "latitude is no number", Fixes.At(0, double.NaN), FixOutcome.InvalidCoordinates },
        { "longitude is infinite", Fixes.At(0, 52, double.PositiveInfinity), FixOutcome.InvalidCoordinates },
        { "the pole", Fixes.At(0, 90, 180), null },
        { "0/0", Fixes.At(0, 0, 0), FixOutcome.NullIsland },
        { "the equator", Fixes.At(0, 0, 5), null },
        { "2 minutes ahead", Fixes.At(120), null },
        { "more than 2 minutes ahead", Fixes.At(120.001), FixOutcome.Future },
        { "30 days old", Fixes.At(-30 * 86400), null },
        { "older than 30 days", Fixes.At((-30 * 86400) - 0.001), FixOutcome.TooOld },
        { "the year 1", Fixes.At(0) with { FixTime = DateTimeOffset.MinValue }, FixOutcome.TooOld },
        { "the year 9999", Fixes.At(0) with { FixTime = DateTimeOffset.MaxValue }, FixOutcome.Future },
        { "accuracy of 500 m", Fixes.At(0) with { AccuracyMeters = 500 }, null },
        { "accuracy of 501 m", Fixes.At(0) with { AccuracyMeters = 501 }, FixOutcome.PoorAccuracy },
        { "300 km/h", Fixes.At(0) with { SpeedKmh = 300 }, null },
        { "301 km/h", Fixes.At(0) with { SpeedKmh = 301 }, FixOutcome.ImpossibleSpeed },
        { "negative speed", Fixes.At(0) with { SpeedKmh = -1 }, FixOutcome.Malformed },
        { "negative accuracy", Fixes.At(0) with { AccuracyMeters = -1 }, FixOutcome.Malformed },
        { "heading of 361", Fixes.At(0) with { HeadingDegrees = 361 }, FixOutcome.Malformed },
        { "infinite altitude", Fixes.At(0) with { AltitudeMeters = double.NegativeInfinity }, FixOutcome.Malformed },
        { "odometer is no number", Fixes.At(0) with { OdometerKm = double.NaN }, FixOutcome.Malformed },
        { "0/0 in the future", Fixes.At(900, 0, 0), FixOutcome.NullIsland },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fault_OfAFix_IsNamed(string what, PositionFix fix, FixOutcome? expected)
    {
        var fault = PositionJudge.Fault(fix, Fixes.Noon, Limits);

        Assert.True(expected == fault?.Outcome, $"{what}: {fault}");
        Assert.Equal(expected is null, fault?.Detail is null);
    }

    [Theory]
    [InlineData(52.0907, 5.1214, 52.3676, 4.9041, 34_200)] // Utrecht, Amsterdam
    [InlineData(0, 0, 0, 180, 20_015_100)]
    [InlineData(52, 5, 52, 5, 0)]
    [InlineData(10, 179.9, 10, -179.9, 21_900)]
    public void Distance_OfTwoPlaces_IsInMetres(double latitude1, double longitude1, double latitude2, double longitude2, double metres) =>
        Assert.InRange(Geo.Distance(latitude1, longitude1, latitude2, longitude2), metres * 0.995, (metres * 1.005) + 0.001);

    [Fact]
    public void Normalize_OfAFinerTimeWithAnOffset_IsWholeMicrosecondsInUtc()
    {
        var fix = Fixes.At(0) with { FixTime = new DateTimeOffset(2026, 3, 2, 13, 0, 0, TimeSpan.FromHours(1)).AddTicks(19) };

        Assert.Equal(Fixes.Noon.AddTicks(10), PositionJudge.Normalize(fix).FixTime);
        Assert.Equal(TimeSpan.Zero, PositionJudge.Normalize(fix).FixTime.Offset);
    }
}
