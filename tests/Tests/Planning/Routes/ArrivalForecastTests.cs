using ChargeCars.Planning.Routes;
using FsCheck.Xunit;
using static ChargeCars.Tests.Planning.Routes.PlannedDay;

namespace ChargeCars.Tests.Planning.Routes;

/// <summary>Drives ±20 % (±40 % unseen), visits ±25 %.</summary>
public sealed class ArrivalForecastTests
{
    private static readonly RouteVisit First = Visit("V-1", 60, "09:30", "10:30");
    private static readonly RouteVisit Second = Visit("V-2", 90, "11:30", "12:30");

    [Fact]
    public void Expect_EnRoute_CountsFromTheFix_AndCarriesTheUncertaintyOn()
    {
        var first = First with { Progress = VisitProgress.EnRoute, WindowStart = At("08:00"), WindowEnd = At("12:00") };

        // Seen at minute 10 at 08:00: fifty minutes to go, four of which have passed.
        var found = Expect([Second, first], "08:04", (10, "08:00"));

        Assert.Equal([first.Id, Second.Id], found.Select(visit => visit.VisitId));
        Assert.Equal(new ExpectedTime(At("08:40"), At("08:50"), At("09:00")), found[0].Arrival);
        Assert.Equal(new ExpectedTime(At("09:25"), At("09:50"), At("10:15")), found[0].End);
        // It waits for the agreed time.
        Assert.Equal(new ExpectedTime(At("11:30"), At("11:30"), At("11:30")), found[1].Arrival);
        Assert.All(found, visit => Assert.Equal((Punctuality.OnTime, 0), (visit.Punctuality, visit.LateMinutes)));
    }

    [Fact]
    public void Expect_SaysThatTheNextWillBeLate_BeforeItIs()
    {
        var first = First with { Progress = VisitProgress.OnSite, ArrivedAt = At("10:10"), StartedAt = At("10:15") };

        var late = Expect([first, Second with { WindowEnd = At("11:40") }], "10:30", (60, "10:29"));
        var atRisk = Expect([first, Second with { WindowEnd = At("11:50") }], "10:30", (60, "10:29"));
        var inTime = Expect([first, Second with { WindowEnd = At("12:30") }], "10:30", (60, "10:29"));

        // Done at 11:15 (11:00–11:30), thirty minutes there (24–36).
        Assert.Equal(new ExpectedTime(At("11:30"), At("11:45"), At("12:06")), late[1].Arrival);
        Assert.Equal((Punctuality.Late, 5), (late[1].Punctuality, late[1].LateMinutes));
        Assert.Equal((Punctuality.AtRisk, 0), (atRisk[1].Punctuality, atRisk[1].LateMinutes));
        Assert.Equal(Punctuality.OnTime, inTime[1].Punctuality);
        // Came at 10:10 for 09:30.
        Assert.Equal((Punctuality.Late, 25), (late[0].Punctuality, late[0].LateMinutes));
    }

    [Fact]
    public void Expect_OfAVisitThatHasUsedUpItsTime_EndsSoon()
    {
        var first = First with { Progress = VisitProgress.OnSite, ArrivedAt = At("09:30"), StartedAt = At("09:30") };

        var found = Assert.Single(Expect([first], "11:00", null));

        Assert.Equal(new ExpectedTime(At("09:30"), At("09:30"), At("09:30")), found.Arrival);
        Assert.Equal(new ExpectedTime(At("11:00"), At("11:05"), At("11:10")), found.End);
    }

    [Fact]
    public void Expect_OfACrewThatIsThereButHasNotBegun_CountsFromNow()
    {
        var first = First with { Progress = VisitProgress.OnSite, ArrivedAt = At("09:20") };

        Assert.Equal(At("10:40"), Assert.Single(Expect([first], "09:40", null)).End.Expected);
    }

    [Fact]
    public void Expect_BeforeTheDayBegins_IsAsPlanned_FromHome()
    {
        var found = Expect([First, Second], "06:00", null);

        // From 08:00, an hour of driving that may take 84 minutes.
        Assert.Equal(new ExpectedTime(At("09:30"), At("09:30"), At("09:30")), found[0].Arrival);
        Assert.Equal(At("10:30"), found[0].End.Expected);
        Assert.Equal(Punctuality.OnTime, found[0].Punctuality);
    }

    [Theory]
    [InlineData("05:00", "06:30", 0)] // it sets out at 05:30, before its hours
    [InlineData("06:10", "07:10", 40)] // and has to, though nobody has seen it
    public void Expect_OfAVisitThatIsPlannedBeforeTheHours_IsAsPlanned(string now, string arrival, int late)
    {
        var found = Expect([Visit("V-1", 60, "06:30", "07:30") with { WindowEnd = At("06:30") }], now, null)[0];

        Assert.Equal((At(arrival), late), (found.Arrival.Expected, found.LateMinutes));
    }

    /// <summary>A tracker that slept at night wakes up late: the crew comes from where the van stood.</summary>
    [Fact]
    public void Expect_OfACrewThatSetsOutUnseen_CountsFromWhereItsVanStood()
    {
        var first = First with { Progress = VisitProgress.EnRoute, EnRouteAt = At("08:00") };

        var found = Expect([first], "08:00", (0, "04:00"), North with { StartPlace = null })[0];

        Assert.Equal(new ExpectedTime(At("08:36"), At("09:00"), At("09:24")), found.Arrival);
    }

    /// <summary>Nothing is known but what was agreed: nobody may be told that the crew is there at once.</summary>
    [Theory]
    [InlineData("12:00", "12:00")]
    [InlineData(null, "09:45")]
    public void Expect_OfACrewThatComesFromNobodyKnowsWhere_IsWhatWasAgreed(string? promised, string latest)
    {
        var first = First with
        {
            Progress = VisitProgress.EnRoute, EnRouteAt = At("08:00"), WindowStart = At("08:00"), WindowEnd = promised is null ? null : At(promised),
        };

        var found = Expect([first], "08:05", null, North with { StartPlace = null })[0];

        Assert.Equal(new ExpectedTime(At("08:05"), At("09:30"), At(latest)), found.Arrival);
    }

    [Fact]
    public void Expect_OfAVanThatHasNotLeftInTime_IsLate()
    {
        var found = Expect([First], "08:55", (0, "08:54"))[0];

        Assert.Equal((At("09:55"), Punctuality.Late, 10), (found.Arrival.Expected, found.Punctuality, found.LateMinutes));
    }

    [Fact]
    public void Expect_WithoutAFreshPosition_GoesOnFromTheLastVisit_LessSurely()
    {
        var over = First with { Progress = VisitProgress.Over, ArrivedAt = At("09:30"), EndedAt = At("11:10") };

        var unseen = Expect([over, Second], "11:20", (0, "11:09"))[0];
        var seen = Expect([over, Second], "11:20", (60, "11:19"))[0];

        Assert.Equal(new ExpectedTime(At("11:38"), At("11:50"), At("12:02")), unseen.Arrival);
        Assert.Equal(new ExpectedTime(At("11:44"), At("11:50"), At("11:56")), seen.Arrival);
    }

    [Theory]
    [InlineData("10:00", "13:15")] // the break of 12:00 at the latest lies between
    [InlineData("12:01", "13:01")] // it is over
    public void Expect_TakesTheBreakThatIsToCome(string now, string arrival)
    {
        var crew = North with { Breaks = [new(At("11:45"), At("12:00"), 30)] };
        var next = Visit("V-3", 60, "12:30", "13:30");

        Assert.Equal(At(arrival), Expect([next], now, (0, now), crew)[0].Arrival.Expected);
    }

    [Property(MaxTest = 300)]
    public void Expect_OfAnyDay_IsOrderedNotBeforeNowAndWiderTheFartherItIs(int seed)
    {
        var random = new Random(seed);
        var now = At(random.Next(360, 1_020));
        var visits = Enumerable.Range(0, random.Next(1, 7)).Select(i => Any(random, i)).ToList();
        var live = random.Next(4) == 0 ? null : new LivePosition(Minute(random.Next(0, 60)), now.AddMinutes(-random.Next(0, 20)));
        var crew = North with { Breaks = random.Next(2) == 0 ? [] : [new(At("12:00"), At("13:00"), 30)] };

        var found = ArrivalForecast.Expect(crew, visits, live, now, Travel(visits, [crew], live?.Place), PlannedDay.Options);

        Assert.Equal(visits.Where(visit => visit.Progress != VisitProgress.Over).Select(visit => visit.Id).Order(), found.Select(visit => visit.VisitId).Order());
        Assert.All(found, visit =>
        {
            Assert.True(visit.Arrival.Earliest <= visit.Arrival.Expected && visit.Arrival.Expected <= visit.Arrival.Latest);
            Assert.True(visit.End.Earliest <= visit.End.Expected && visit.End.Expected <= visit.End.Latest);
            Assert.True(visit.Arrival.Expected <= visit.End.Expected && visit.End.Earliest >= now);
            Assert.Equal(visit.Punctuality == Punctuality.Late, visit.LateMinutes > 0);
            Assert.True(visits.Single(one => one.Id == visit.VisitId).Progress == VisitProgress.OnSite || visit.Arrival.Earliest >= now);
        });
        Assert.All(found.Zip(found.Skip(1)), pair => Assert.True(pair.First.End.Expected <= pair.Second.Arrival.Expected));
    }

    [Property(MaxTest = 200)]
    public void Expect_FromFartherAway_IsLaterAndWider(byte near, byte more)
    {
        var first = First with { Place = Minute(500), Progress = VisitProgress.EnRoute };

        var (nearer, farther) = (Expect([first], "08:00", (500 - near, "08:00"))[0].Arrival, Expect([first], "08:00", (500 - near - more, "08:00"))[0].Arrival);

        Assert.True(nearer.Expected <= farther.Expected);
        Assert.True(nearer.Latest - nearer.Earliest <= farther.Latest - farther.Earliest);
    }

    private static RouteVisit Any(Random random, int number)
    {
        var start = random.Next(420, 1_000);
        var visit = Visit($"V-{number}", random.Next(0, 90)) with
        {
            Planned = new(At(start), At(start + random.Next(15, 180))),
            Progress = number == 0 ? (VisitProgress)random.Next(4) : VisitProgress.Planned,
            WindowStart = random.Next(2) == 0 ? null : At(start - random.Next(0, 120)),
            WindowEnd = random.Next(2) == 0 ? null : At(start + random.Next(0, 120)),
        };
        return visit.Progress switch
        {
            VisitProgress.OnSite => visit with { ArrivedAt = At(359), StartedAt = random.Next(2) == 0 ? null : At(360) },
            VisitProgress.Over => visit with { ArrivedAt = At(300), EndedAt = At(360) },
            _ => visit,
        };
    }

    private static IReadOnlyList<VisitForecast> Expect(RouteVisit[] visits, string now, (int Minute, string Time)? live, Crew? crew = null)
    {
        var position = live is { } seen ? new LivePosition(Minute(seen.Minute), At(seen.Time)) : null;
        return ArrivalForecast.Expect(
            crew ?? North, visits, position, At(now), Travel(visits, [crew ?? North], position?.Place), PlannedDay.Options);
    }
}
