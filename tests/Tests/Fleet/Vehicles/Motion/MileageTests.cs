using ChargeCars.Tests.Fleet.Vehicles.Positions;
using ChargeCars.Fleet.Vehicles.Motion;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

public sealed class MileageTests
{
    private static readonly Mileage Mileage = new(new MotionOptions(), new PositionOptions());

    /// <summary>Of a trip of 10 km by its fixes in a quarter of an hour.</summary>
    [Theory]
    [InlineData(1_234.0, 1_244.7, 10_700)]
    [InlineData(80_000.0, 80_009.1, 9_100)]
    [InlineData(null, 1_244.7, 10_000)]
    [InlineData(1_234.0, null, 10_000)]
    // It was swapped, or another tracker's, on the way.
    [InlineData(80_000.0, 1_234.0, 10_000)]
    [InlineData(1_234.0, 80_000.0, 10_000)]
    // It stands still, or lags.
    [InlineData(0.0, 0.0, 10_000)]
    [InlineData(1_234.0, 1_238.9, 10_000)]
    // No value: all bits set.
    [InlineData(1_234.0, 4_294_967.295, 10_000)]
    [InlineData(4_294_967.295, 4_294_967.295, 10_000)]
    [InlineData(4_294_967.295, 1_234.0, 10_000)]
    // 300 km/h, and more.
    [InlineData(1_234.0, 1_308.9, 74_900)]
    [InlineData(1_234.0, 1_309.1, 10_000)]
    public void Trip_AddsItsCountWhereThatCanBeRightElseItsDistance(double? from, double? to, double metres) =>
        Assert.Equal(metres, Mileage.Driven(Trip(from, to)), 3);

    [Theory]
    [InlineData(0.3, 1_234.0, 1_271.5, 37_500)]
    [InlineData(0.3, 1_234.0, 1_234.0, 0)]
    [InlineData(0.3, null, null, 0)]
    // Where it stood all the time a tracker was swapped.
    [InlineData(0, 1_234.0, 1_271.5, 0)]
    public void Stop_AddsTheWayThatNobodySawByItsCountAlone(double degrees, double? from, double? to, double metres)
    {
        var (start, end) = (Fixes.At(0) with { OdometerKm = from }, Fixes.At(14 * 3600, 52.09 + degrees) with { OdometerKm = to });
        var stop = new Leg(false, Waypoint.Of(start), new(52.09, 5.12), new(start.FixTime, "api"), Waypoint.Of(end));

        Assert.Equal(metres, Mileage.Driven(stop), 3);
    }

    [Fact]
    public void Leg_ThatLasts_AddsNothingYet() => Assert.Equal(0, Mileage.Driven(Trip(1_234, 1_244) with { End = null }));

    [Fact]
    public void After_AnyNumberOfShortTrips_LosesNoMetre()
    {
        var (uncounted, km) = (0.0, 0);
        for (var i = 0; i < 1_000; i++)
        {
            (uncounted, var command) = Mileage.After(uncounted, [Trip(100, 110.3)], [], driving: false);
            km += command!.AddKm;
        }

        Assert.Equal(10_300_000, (km * 1000) + uncounted, 3);
        Assert.InRange(uncounted, 0, 1_000);
    }

    [Fact]
    public void After_ATripThatARepairMadeAnew_AddsTheDifference()
    {
        var (uncounted, more) = Mileage.After(0, [Trip(100, 114.5)], [Trip(100, 110)], driving: null);
        var (less, nothing) = Mileage.After(uncounted, [Trip(100, 110)], [Trip(100, 114.5)], driving: null);
        var (_, again) = Mileage.After(less, [Trip(200, 214)], [], driving: null);

        Assert.Equal((4, null, 10), (more!.AddKm, nothing, again!.AddKm));
    }

    [Theory]
    [InlineData(50_000.0, 50_010.3, 50_010.3)]
    [InlineData(50_000.0, 4_294_967.295, null)]
    [InlineData(4_294_967.295, 4_294_967.295, null)]
    [InlineData(null, 50_010.3, null)]
    public void After_ATripThatItsOdometerCounted_TellsItsCount(double? from, double? to, double? told) =>
        Assert.Equal(told, Mileage.After(0, [Trip(from, to), Trip(from, to) with { End = null }], [], driving: false).Command!.OdometerKm);

    private static Leg Trip(double? from, double? to)
    {
        var (start, end) = (Fixes.At(0) with { OdometerKm = from }, Fixes.At(15 * 60, 52.17) with { OdometerKm = to });
        return new(true, Waypoint.Of(start), new(52.09, 5.12), new(start.FixTime, "api"), Waypoint.Of(end, 10_000, 60));
    }
}
