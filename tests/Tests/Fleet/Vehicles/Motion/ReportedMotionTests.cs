using ChargeCars.Fleet.Vehicles.Motion;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

/// <summary>Trips that other systems' users reported as wrong, with their numbers.</summary>
public sealed class ReportedMotionTests
{
    [Theory]
    [InlineData(900)]
    [InlineData(3_000)]
    public void Ignition_NeverOn_DoesNotKeepAMovingVanFromItsTrip(double metres)
    {
        var report = new Report { Ignition = false }.Fix(0, 0, 0).Stand(60, 9).Go(metres, 100, 9, 40).Stand(300, 9);

        var trip = Assert.Single(report.Trips());

        Assert.Equal(metres, trip.Meters, 0);
        Assert.Equal(Report.At(63), trip.Start.Time);
    }

    [Fact]
    public void Ignition_OffWhileAHybridDrivesElectrically_DoesNotCutItsTrip()
    {
        var report = new Report { Ignition = true }.Fix(0, 0, 0).Stand(60, 9).Go(1_000, 100, 9, 40);
        report.Ignition = false;
        report.Go(2_000, 100, 9, 40).Stand(300, 9);

        Assert.Equal(3_000, Assert.Single(report.Trips()).Meters, 0);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(99)]
    public void Ignition_OffAtARedLight_DoesNotSplitATrip(double seconds)
    {
        var report = new Report { Ignition = true }.Fix(0, 0, 0).Stand(60, 9).Go(1_000, 100, 9, 40);
        report.Ignition = false;
        report.Stand(seconds, 9);
        report.Ignition = true;
        report.Go(1_000, 100, 9, 40).Stand(300, 9);

        Assert.Equal(2_000, Assert.Single(report.Trips()).Meters, 0);
    }

    [Theory]
    [InlineData(true, 120)]
    [InlineData(false, 180)]
    public void Ignition_Off_ParksSoonerOnlyWhereItWasOn(bool wasOn, double after)
    {
        var report = new Report { Ignition = wasOn }.Fix(0, 0, 0).Stand(60, 10).Go(2_000, 100, 10, 40);
        report.Ignition = false;
        report.Stand(300, 10);

        var parked = report.Legs()[2];

        Assert.Equal((false, Report.At(260)), (parked.IsTrip, parked.Start.Time));
        Assert.Equal(Report.At(260 + after), parked.DecidedBy.FixTime);
    }

    [Fact]
    public void Silence_BeforeAVanIsSeenToDrive_BelongsToTheStop()
    {
        var report = new Report().Fix(0, 0, 0).Fix(2_400, 250, 50).Go(3_000, 140, 10, 50).Stand(300, 10);

        var trip = Assert.Single(report.Trips());

        Assert.InRange(trip.Start.Time, Report.At(2_340), Report.At(2_400));
        Assert.Equal(3_250, trip.Meters, 0);
    }

    [Theory]
    [InlineData(2_400, 2_000)] // forty minutes in the cellar
    [InlineData(50_000, 900)] // a night
    [InlineData(3_000, 10_000)] // the tracker woke late
    public void Silence_OfAParkedVan_EndsWhenTheWayToTheNextFixBegan(double seconds, double metres)
    {
        var report = new Report().Fix(0, 0, 0).Stand(60, 10).Fix(60 + seconds, metres, 50).Go(3_000, 140, 10, 50).Stand(300, 10);

        var trip = Assert.Single(report.Trips());

        Assert.InRange(trip.Start.Time, Report.At(60 + seconds - (metres / 8)), Report.At(60 + seconds));
        Assert.Equal(3_000 + metres, trip.Meters, 0);
    }

    [Theory]
    [InlineData(10, 0, 50.0)]
    [InlineData(10, 0, 0.0)]
    [InlineData(30, 250, 50.0)]
    [InlineData(30, 250, 0.0)]
    [InlineData(30, 250, null)]
    [InlineData(55, 400, 50.0)]
    [InlineData(55, 400, 0.0)]
    [InlineData(90, 400, 50.0)]
    [InlineData(90, 400, 0.0)]
    public void Silence_OfAVisit_IsAStopFromItsBeginning(double minutes, double metres, double? kmh)
    {
        var report = new Report().Fix(0, 0, 0).Stand(60, 10).Go(2_100, 140, 10, kmh is null ? null : 50);
        var silent = report.Now;
        var found = silent + (minutes * 60);
        report.Fix(found, report.North + metres, kmh).Go(2_100, 140, 10, kmh is null ? null : 50).Stand(300, 10, kmh is null ? null : 0);

        var legs = report.Legs();

        Assert.Equal([false, true, false, true, false], legs.Select(leg => leg.IsTrip));
        Assert.InRange(legs[2].Start.Time, Report.At(silent), Report.At(silent + 60));
        Assert.InRange(legs[3].Start.Time, Report.At(found - 60), Report.At(found + 10));
        Assert.Equal(4_200 + metres, legs.Sum(leg => leg.Meters), 0);
    }

    [Fact]
    public void Silence_OnTheWayThatTookMostOfItsTime_IsPartOfTheTrip()
    {
        var report = new Report().Fix(0, 0, 0).Stand(60, 10).Go(2_100, 140, 10, 50);
        report.Fix(report.Now + 2_400, report.North + 15_000, 50).Go(2_100, 140, 10, 50).Stand(300, 10);

        Assert.Equal(19_200, Assert.Single(report.Trips()).Meters, 0);
    }

    [Theory]
    [InlineData(5, 0.0)]
    [InlineData(10, 0.0)]
    [InlineData(30, 0.0)]
    [InlineData(60, 0.0)]
    [InlineData(5, null)]
    [InlineData(10, null)]
    [InlineData(30, null)]
    [InlineData(60, null)]
    public void Speed_OfNothingOrNone_CostsNoneOfTheWay(double every, double? kmh)
    {
        var report = new Report().Fix(0, 0, kmh);
        for (var i = 0; i < 5; i++)
        {
            report.Stand(600, every, kmh).Go(3_000, 10 * every, every, kmh);
        }

        var trips = report.Stand(600, every, kmh).Trips();

        Assert.Equal(5, trips.Count);
        Assert.All(trips, trip => Assert.InRange(trip.Meters, 2_950, 3_000.5));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => Report.At(((i + 1) * 600) + (i * 300))), trips.Select(trip => trip.Start.Time));
    }

    /// <summary>Of a tracker that sends every five minutes, each fix is one after a silence.</summary>
    [Theory]
    [InlineData(50.0)]
    [InlineData(0.0)]
    [InlineData(null)]
    public void Interval_OfFiveMinutes_GivesTheSameTrips(double? kmh)
    {
        var report = new Report().Fix(0, 0, kmh is null ? null : 0);
        for (var i = 0; i < 3; i++)
        {
            report.Stand(1_800, 300, kmh is null ? null : 0).Go(16_000, 4_000, 300, kmh);
        }

        var trips = report.Stand(1_800, 300, kmh is null ? null : 0).Trips();

        Assert.Equal(3, trips.Count);
        Assert.All(trips, trip => Assert.Equal(16_000, trip.Meters, 0));
        Assert.All(trips, trip => Assert.InRange((trip.End!.Value.Time - trip.Start.Time).TotalMinutes, 15, 25));
    }

    [Fact]
    public void Drift_ThatComesBack_IsNoTrip()
    {
        var report = new Report().Fix(0, 0, null);
        foreach (var north in new[] { 0, 190, 235, 240, 190, 0, 0 })
        {
            report.Fix(report.Now + 60, north, null);
        }

        Assert.Empty(report.Stand(1_200, 60, null).Trips());
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(60, null)]
    [InlineData(60, 0.0)]
    [InlineData(60, 2.0)]
    public void Drift_ThatGoesAsFarAsATrip_IsNone(double every, double? kmh)
    {
        var report = new Report().Fix(0, 0, kmh).Stand(600, every, kmh);
        report.Go(280, every / 2, every, kmh).Stand(600, every, kmh);

        Assert.Empty(report.Trips());
        Assert.Single(report.Legs());
    }

    [Fact]
    public void Way_OfSixHundredMetresWithoutSpeeds_IsATrip()
    {
        var report = new Report().Fix(0, 0, null).Stand(600, 60, null).Go(600, 600, 60, null).Stand(1_200, 60, null);

        Assert.Equal(600, Assert.Single(report.Trips()).Meters, 0);
    }

    [Theory]
    [InlineData(20, 50.0)]
    [InlineData(20, null)]
    [InlineData(60, 50.0)]
    [InlineData(60, 0.0)]
    public void Fix_AsideBetweenTwoThatRuleItOut_AddsNoDetour(double every, double? kmh)
    {
        var report = new Report().Fix(0, 0, 0).Stand(60, 10).Go(2_500, 50 / 3.6 * every, every, 50);
        report.Fix(report.Now + every, report.North + (50 / 3.6 * every), kmh, east: 1_500).Go(2_500, 50 / 3.6 * every, every, 50).Stand(300, 10);

        var trip = Assert.Single(report.Trips());

        Assert.Equal(5_000 + (50 / 3.6 * every), trip.Meters, 0);
        Assert.Equal(50, trip.TopKmh);
    }

    [Fact]
    public void Way_TwiceAsFastAsItsReportedSpeeds_IsCountedWhole()
    {
        var report = new Report().Fix(0, 0, 0).Stand(60, 10).Go(6_000, 300, 20, 27).Stand(300, 10);

        Assert.Equal(6_000, Assert.Single(report.Trips()).Meters, 0);
    }
}
