using ChargeCars.Planning.Routes;
using FsCheck.Xunit;
using Microsoft.Extensions.Options;

namespace ChargeCars.Tests.Planning.Routes;

public sealed class StraightLineTravelTimesTests
{
    [Fact]
    public void Estimate_GoesThroughTheBands()
    {
        var options = new TravelOptions { RoadFactor = 1 };
        var drive = new StraightLineTravelTimes(Options.Create(options)).Estimate(115_000);

        Assert.Equal(600 + 1500 + 3600, drive.Seconds, 6); // 5 km at 30, 25 km at 60, 85 km at 85
        Assert.Equal(115_000, drive.RoadMeters, 6);
    }

    [Property(MaxTest = 100)]
    public bool Estimate_OfALongerWay_NeverArrivesEarlier(uint one, uint other)
    {
        var estimator = new StraightLineTravelTimes(Options.Create(new TravelOptions()));
        var (nearer, farther) = (estimator.Estimate(Math.Min(one, other)), estimator.Estimate(Math.Max(one, other)));
        return nearer.Seconds <= farther.Seconds && nearer.RoadMeters <= farther.RoadMeters;
    }

    [Fact]
    public void TravelOptions_ThatCantWork_AreRefusedByKey()
    {
        var options = new TravelOptions { RoadFactor = 0.5, SpeedProfile = { new() { Kmh = 0 }, new() { UpToKm = 5, Kmh = 50 } } };

        var failures = new TravelOptions.Validator().Validate(null, options).Failures!.ToList();

        Assert.Equal(["RoadFactor", "SpeedProfile:0:Kmh", "SpeedProfile:0:UpToKm", "SpeedProfile:1:UpToKm"], failures.Select(fault => fault["ChargeCars:Routing:".Length..fault.IndexOf(' ', StringComparison.Ordinal)]));
        Assert.True(new TravelOptions.Validator().Validate(null, new()).Succeeded);
    }

    [Fact]
    public void Matrix_AmongTheSamePlaces_IsThatOfEveryPairAlone()
    {
        MapPoint[] places = [new(52.37, 4.90), new(51.92, 4.48), new(53.22, 6.57), new(52.37, 4.90)];
        var times = new StraightLineTravelTimes(Options.Create(new TravelOptions()));

        var matrix = times.Matrix(places, places);

        for (var from = 0; from < places.Length; from++)
        {
            for (var to = 0; to < places.Length; to++)
            {
                var alone = times.Matrix([places[from]], [places[to]]);
                Assert.Equal((alone.Seconds(0, 0), alone.Meters(0, 0)), (matrix.Seconds(from, to), matrix.Meters(from, to)));
            }
        }

        Assert.Equal(0, matrix.Seconds(0, 3));
        Assert.Equal(74_000, matrix.Meters(0, 1), 1_500.0); // 57 km in a straight line
    }
}
