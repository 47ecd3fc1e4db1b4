using ChargeCars.Fleet.Geofences;
using FsCheck.Xunit;
using static ChargeCars.Tests.Fleet.Geofences.Ground;

namespace ChargeCars.Tests.Fleet.Geofences;

public sealed class PolygonRulesTests
{
    [Fact]
    public void FigureOfEight_NamesTheEdgesThatCross()
    {
        var fault = Assert.Single(Faults((0, 0), (100, 100), (100, 0), (0, 100)));

        Assert.Equal("polygon", fault.Field);
        Assert.Contains("the edge from corner 0 to 1 crosses the edge from corner 2 to 3", fault.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Closed_IsTheSameAsOpen()
    {
        GeofencePoint[] open = [At(0, 0), At(100, 0), At(100, 100)];

        Assert.Empty(PolygonRules.Faults([.. open, open[0]]));
        Assert.Equal(open, PolygonRules.Opened([.. open, open[0]]));
        Assert.Equal(open, PolygonRules.Opened(open));
    }

    [Theory]
    [InlineData("a corner on another edge", 0, 0, 200, 0, 200, 100, 100, 0, 0, 100)]
    [InlineData("an edge that folds back", 0, 0, 200, 0, 100, 0, 100, 100, 0, 100)]
    public void Touching_IsCrossing(string what, params int[] numbers)
    {
        var corners = numbers.Chunk(2).Select(pair => ((double)pair[0], (double)pair[1])).ToArray();

        Assert.Contains(Faults(corners), fault => fault.Fault.Contains("cross", StringComparison.Ordinal) && what.Length > 0);
    }

    [Theory]
    [InlineData("3 to 500 corners", 0, 0, 100, 0)]
    [InlineData("square metres", 0, 0, 3, 0, 3, 3)]
    [InlineData("100 km", 0, 0, 150_000, 0, 150_000, 100)]
    public void Size_OutOfBounds_IsRefused(string fault, params int[] numbers)
    {
        var corners = numbers.Chunk(2).Select(pair => ((double)pair[0], (double)pair[1])).ToArray();

        Assert.Contains(fault, Assert.Single(Faults(corners)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Corners_OutOfRangeOrRepeated_AreNamedByIndex()
    {
        var faults = PolygonRules.Faults([At(0, 0), new(91, 4), At(100, 100), At(100, 100), new(double.NaN, 4)]).Select(fault => fault.Field);

        Assert.Equal(["polygon[1]", "polygon[3]", "polygon[4]"], faults);
        Assert.Equal("polygon", PolygonRules.Faults(null).Single().Field);
    }

    /// <summary>Corners taken in the order of their direction from the middle never cross, swapping two of them always does.</summary>
    [Property(MaxTest = 200)]
    public bool Ring_IsSoundAndTwoSwappedCornersAreNot(int seed)
    {
        var random = new Random(seed);
        var ring = Enumerable.Range(0, random.Next(5, 60)).Select(i => i * 2 * Math.PI).ToArray();
        var corners = ring.Select(angle => At(500 * Math.Cos(angle / ring.Length), 500 * Math.Sin(angle / ring.Length))).ToArray();
        var sound = !PolygonRules.Faults(corners).Any();
        var i = random.Next(corners.Length);
        var j = (i + 2) % corners.Length;
        (corners[i], corners[j]) = (corners[j], corners[i]);
        return sound && PolygonRules.Faults(corners).Any(fault => fault.Fault.Contains("cross", StringComparison.Ordinal));
    }

    private static (string Field, string Fault)[] Faults(params (double East, double North)[] corners) =>
        [.. PolygonRules.Faults([.. corners.Select(corner => At(corner.East, corner.North))])];
}
