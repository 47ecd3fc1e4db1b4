using ChargeCars.Fleet.Geofences;
using FsCheck.Xunit;
using static ChargeCars.Tests.Fleet.Geofences.Ground;

namespace ChargeCars.Tests.Fleet.Geofences;

public sealed class FenceTrackerTests
{
    [Fact]
    public void Arrival_AfterTheDwell_CountsFromTheFirstFixInside()
    {
        var told = Drive([Circle()], Fix(0, 500), Fix(10, 90), Fix(40, 20), Fix(69, 20), Fix(70, 20), Fix(100, 20));

        Assert.Equal(["entered at 10, decided at 70"], told);
    }

    [Fact]
    public void PassingThrough_ShorterThanTheDwell_IsNotTold()
    {
        Assert.Empty(Drive([Circle()], Fix(0, -500), Fix(10, -50), Fix(20, 50), Fix(30, 500), Fix(90, 20), Fix(120, 500)));
    }

    [Fact]
    public void Arrival_WithoutADwell_CountsAtOnce()
    {
        Assert.Equal(["entered at 10, decided at 10", "left at 20, decided at 20"], Drive([Circle(dwell: 0)], Fix(0, 500), Fix(10, 0), Fix(20, 500)));
    }

    [Fact]
    public void JitterAcrossTheEdge_WithinTheMargin_NeitherLeavesNorEnters()
    {
        var jitter = Enumerable.Range(0, 200).Select(i => Fix(10 + i, i % 2 == 0 ? 95 : 140));

        Assert.Equal(["entered at 0, decided at 0"], Drive([Circle(dwell: 0)], [Fix(0, 0), .. jitter]));
    }

    [Fact]
    public void Departure_BeyondTheOuterRadius_IsTold()
    {
        Assert.Equal(
            ["entered at 0, decided at 0", "left at 30, decided at 30"],
            Drive([Circle(dwell: 0)], Fix(0, 0), Fix(10, 101), Fix(20, 149), Fix(30, 151)));
    }

    [Theory]
    [InlineData(0, 149, 1)] // in the middle: the error ends within the outer radius
    [InlineData(0, 151, 0)]
    [InlineData(90, 59, 1)] // 10 m inside
    [InlineData(90, 61, 0)]
    public void Accuracy_OfAnArrival_MustNotReachBeyondTheMargin(double east, double accuracy, int expected)
    {
        Assert.Equal(expected, Drive([Circle(dwell: 0)], Fix(0, east, accuracy: accuracy)).Count);
    }

    [Fact]
    public void Accuracy_OfADeparture_MustNotReachBackToTheEdge()
    {
        var told = Drive([Circle(dwell: 0)], Fix(0, 0), Fix(10, 300, accuracy: 201), Fix(20, 300, accuracy: 199));

        Assert.Equal(["entered at 0, decided at 0", "left at 20, decided at 20"], told);
    }

    [Fact]
    public void LateAndRepeatedFixes_DecideNothing()
    {
        Assert.Equal(
            ["entered at 20, decided at 20"],
            Drive([Circle(dwell: 0)], Fix(0, 500), Fix(20, 0), Fix(20, 500), Fix(10, 500), Fix(0, 500), Fix(20, 0)));
    }

    [Fact]
    public void Polygon_WithABay_KnowsTheBayIsOutside()
    {
        // A U, open to the north.
        var fence = Polygon((-300, -300), (300, -300), (300, 300), (200, 300), (200, -200), (-200, -200), (-200, 300), (-300, 300));

        Assert.Equal(
            ["entered at 0, decided at 0", "left at 10, decided at 10", "entered at 20, decided at 20"],
            Drive([fence], Fix(0, -250, 100), Fix(10, 0, 100), Fix(20, 250, 250)));
    }

    [Fact]
    public void OverlappingFences_AreTrackedEachOnItsOwn()
    {
        Assert.Equal(3, Drive([Circle(dwell: 0), Circle(radius: 40_000, dwell: 0)], Fix(0, 0), Fix(60, 1_000), Fix(120, 2_000)).Count);
    }

    [Fact]
    public void SwitchedOffAndOn_KeepsWhoIsInsideAndForgetsWhoArrives()
    {
        var (inside, arriving) = (Circle(dwell: 0), Circle(dwell: 60));
        var all = new FenceIndex([inside, arriving]);
        var state = FenceTracker.Step(FenceState.Nowhere, Fix(0, 0), all).State;
        state = FenceTracker.Step(state, Fix(10, 0), FenceIndex.Empty).State;

        var stay = Assert.Single(state.Stays);
        Assert.Equal((inside.Id, true), (stay.FenceId, stay.Counts));
        Assert.Empty(FenceTracker.Step(state, Fix(70, 0), all).Crossings);
        Assert.False(FenceTracker.Step(state, Fix(70, 500), all).Crossings.Single().Entered);
    }

    [Theory]
    [InlineData(0.0, 60, 1)]
    [InlineData(0.0, 59, 0)]
    [InlineData(30.0, 600, 0)] // it drove: silence may be a tunnel
    [InlineData(null, 600, 0)]
    public void Silence_AfterStandingInside_EntersWhenTheDwellIsOver(double? speed, int waited, int expected)
    {
        var fences = new FenceIndex([Circle()]);
        var state = FenceTracker.Step(FenceState.Nowhere, Fix(0, 0, speed: speed), fences).State;

        var (after, crossings) = FenceTracker.Wait(state, Noon.AddSeconds(waited), fences);

        Assert.Equal(expected, crossings.Length);
        Assert.Equal(waited < 60 ? 1 : 0, FenceTracker.Wait(after, Noon.AddSeconds(waited + 600), fences).Crossings.Length);
        Assert.Equal(expected, FenceTracker.Step(after, Fix(700, 500), fences).Crossings.Count(crossing => !crossing.Entered));
    }

    /// <summary>Where no speed is told, the way between the last two fixes says whether it stood.</summary>
    [Theory]
    [InlineData(8, 1)]
    [InlineData(60, 0)]
    public void Silence_AfterTwoFixesInsideWithoutSpeeds_EntersIfItStood(double metres, int expected)
    {
        var fences = new FenceIndex([Circle()]);
        var state = FenceTracker.Step(FenceState.Nowhere, Fix(0, metres), fences).State;
        state = FenceTracker.Step(state, Fix(10, 0), fences).State;

        Assert.Equal(expected, FenceTracker.Wait(state, Noon.AddSeconds(60), fences).Crossings.Length);
    }

    /// <summary>Enterings and leavings alternate, begin with an entering, and never go back in time: whatever a vehicle does.</summary>
    [Property(MaxTest = 300)]
    public bool AnyDrive_TellsEnteringAndLeavingInTurns(int seed)
    {
        var random = new Random(seed);
        var fences = Enumerable.Range(0, 8).Select(_ => Circle(
            random.Next(20, 400), random.Next(0, 100), random.Next(0, 3) * 30, random.Next(-1000, 1000), random.Next(-1000, 1000))).ToArray();
        var index = new FenceIndex(fences);
        var (state, told, second) = (FenceState.Nowhere, new List<Crossing>(), 0.0);
        var (east, north) = (0.0, 0.0);
        for (var i = 0; i < 400; i++)
        {
            (east, north) = (Math.Clamp(east + random.Next(-200, 201), -1200, 1200), Math.Clamp(north + random.Next(-200, 201), -1200, 1200));
            second += random.Next(-5, 30);
            (state, var crossings) = FenceTracker.Step(state, Fix(second, east, north, random.Next(0, 150)), index);
            told.AddRange(crossings);
        }

        return told.GroupBy(crossing => crossing.Fence.Id).All(ofFence =>
            ofFence.Select((crossing, i) => crossing.Entered == (i % 2 == 0)).All(inTurn => inTurn)
            && ofFence.Zip(ofFence.Skip(1)).All(pair => pair.First.At <= pair.Second.At && pair.First.Decided.Time <= pair.Second.Decided.Time));
    }

    /// <summary>What the rules of docs/adr/0013 say of each fence by itself, measured another way: by the angle around the fix, and edge by edge.</summary>
    [Property(MaxTest = 200)]
    public void AnyDrive_CrossesAsTheRulesSayOfEachFenceAlone(int seed)
    {
        var random = new Random(seed);
        var outline = Enumerable.Range(0, random.Next(3, 12)).Select(_ => random.NextDouble() * Math.Tau).Order()
            .Select(angle => (Angle: angle, Reach: random.Next(60, 700)))
            .Select(one => (East: one.Reach * Math.Cos(one.Angle), North: one.Reach * Math.Sin(one.Angle))).ToArray();
        var (margin, dwell, radius) = (random.Next(20, 120), random.Next(0, 3) * 30, random.Next(50, 500));
        var round = random.Next(3) == 0;
        var fence = round ? Circle(radius, margin, dwell) : Polygon(outline) with { ExitMarginMeters = margin, DwellSeconds = dwell };
        var (second, east, north) = (0.0, 0.0, 0.0);
        var fixes = new List<(double Second, double East, double North, double Error, double Distance)>();
        for (var i = 0; i < 300; i++)
        {
            (second, east, north) = (second + random.Next(-5, 30), Math.Clamp(east + random.Next(-150, 151), -1000, 1000), Math.Clamp(north + random.Next(-150, 151), -1000, 1000));
            var (error, distance) = (random.Next(0, 120), round ? Math.Sqrt((east * east) + (north * north)) - radius : DistanceFrom(outline, east, north));
            // Not where less than flat ground and round earth differ would decide.
            if (new[] { distance, distance - margin, distance + error - margin, distance - error }.All(gap => Math.Abs(gap) > 1))
            {
                fixes.Add((second, east, north, error, distance));
            }
        }

        var (expected, newest, arrived, inside) = (new List<string>(), double.NegativeInfinity, (double?)null, false);
        foreach (var fix in fixes.Where(fix => fix.Second > newest))
        {
            newest = fix.Second;
            var (isIn, isOut) = (fix.Distance <= 0 && fix.Distance + fix.Error <= margin, fix.Distance > margin && fix.Distance > fix.Error);
            if (inside && isOut)
            {
                expected.Add($"left at {fix.Second}, decided at {fix.Second}");
            }

            arrived = isOut ? null : isIn ? arrived ?? fix.Second : arrived;
            if (!inside && isIn && fix.Second - arrived >= dwell)
            {
                expected.Add($"entered at {arrived}, decided at {fix.Second}");
                inside = true;
            }

            inside &= !isOut;
        }

        Assert.Equal(expected, Drive([fence], [.. fixes.Select(fix => Fix(fix.Second, fix.East, fix.North, fix.Error))]));
    }

    private static double DistanceFrom((double East, double North)[] outline, double east, double north)
    {
        var (turned, nearest) = (0.0, double.PositiveInfinity);
        for (var i = 0; i < outline.Length; i++)
        {
            var (a, b) = (outline[i], outline[(i + 1) % outline.Length]);
            var turn = Math.Atan2(b.North - north, b.East - east) - Math.Atan2(a.North - north, a.East - east);
            turned += turn > Math.PI ? turn - Math.Tau : turn < -Math.PI ? turn + Math.Tau : turn;
            var (low, high) = (0.0, 1.0);
            for (var halved = 0; halved < 80; halved++)
            {
                var (left, right) = (low + ((high - low) / 3), high - ((high - low) / 3));
                (low, high) = Along(left) < Along(right) ? (low, right) : (left, high);
            }

            nearest = Math.Min(nearest, Along(low));

            double Along(double share) => double.Hypot(a.East + (share * (b.East - a.East)) - east, a.North + (share * (b.North - a.North)) - north);
        }

        return Math.Abs(turned) > Math.PI ? -nearest : nearest;
    }

    private static List<string> Drive(Geofence[] fences, params FenceFix[] fixes)
    {
        var index = new FenceIndex(fences);
        var (state, told) = (FenceState.Nowhere, new List<string>());
        foreach (var fix in fixes)
        {
            (state, var crossings) = FenceTracker.Step(state, fix, index);
            told.AddRange(crossings.Select(crossing =>
                $"{(crossing.Entered ? "entered" : "left")} at {(crossing.At - Noon).TotalSeconds}, decided at {(crossing.Decided.Time - Noon).TotalSeconds}"));
        }

        return told;
    }
}
