using ChargeCars.Fleet.Geofences;
using FsCheck.Xunit;
using static ChargeCars.Tests.Fleet.Geofences.Ground;

namespace ChargeCars.Tests.Fleet.Geofences;

public sealed class FenceIndexTests
{
    /// <summary>Whatever fence a place is inside of, the grid names it.</summary>
    [Property(MaxTest = 200)]
    public bool AnyPlace_IsToldOfEveryFenceAroundIt(int seed)
    {
        var random = new Random(seed);
        var fences = Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? Star(random) : Anywhere(random)).ToArray();
        var index = new FenceIndex(fences);
        return Enumerable.Range(0, 200).All(_ =>
        {
            var place = Place(random);
            var told = index.Near(place.Latitude, place.Longitude).ToArray().Concat(index.Wide.ToArray()).Select(fence => fence.Id).ToHashSet();
            return fences.Where(fence => new Fence(fence).DistanceFrom(place.Latitude, place.Longitude) <= 0).All(fence => told.Contains(fence.Id));
        });
    }

    [Theory]
    [InlineData(0, 179.9995, 0, -179.9995)]
    [InlineData(89.9999, 0, 89.9999, 180)]
    public void Circle_OverTheDateLineOrAPole_HasItsOtherSide(double latitude, double longitude, double otherLatitude, double otherLongitude)
    {
        var index = new FenceIndex([Circle(radius: 200) with { Latitude = latitude, Longitude = longitude }]);

        Assert.All(index.Wide.ToArray(), fence => Assert.True(fence.DistanceFrom(otherLatitude, otherLongitude) < 0));
        Assert.Equal(1, index.Wide.Length);
    }

    [Fact]
    public void PlaceFarFromAll_IsToldOfNone()
    {
        var index = new FenceIndex(Enumerable.Range(0, 300).Select(i => Circle(east: i * 200)));

        Assert.True(index.Near(51.0, 6.0).IsEmpty);
        Assert.True(index.Wide.IsEmpty);
        Assert.Equal(300, index.Count);
    }

    private static Geofence Anywhere(Random random) => Circle(random.Next(5, 6_000)) with
    {
        Latitude = Place(random).Latitude,
        Longitude = Place(random).Longitude,
    };

    private static Geofence Star(Random random)
    {
        var (east, north) = (random.Next(-10_000, 10_000), random.Next(-10_000, 10_000));
        return Polygon([.. Enumerable.Range(0, 12).Select(i =>
        {
            var reach = i % 2 == 0 ? 2_000 : 500;
            return (east + (reach * Math.Cos(Math.PI * i / 6)), north + (reach * Math.Sin(Math.PI * i / 6)));
        })]);
    }

    private static GeofencePoint Place(Random random) => At(random.Next(-12_000, 12_000), random.Next(-12_000, 12_000));
}
