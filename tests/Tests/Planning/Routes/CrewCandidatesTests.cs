using ChargeCars.Planning;
using ChargeCars.Planning.Routes;
using FsCheck.Xunit;
using static ChargeCars.Tests.Planning.Routes.PlannedDay;

namespace ChargeCars.Tests.Planning.Routes;

public sealed class CrewCandidatesTests
{
    private static readonly Guid[] Vans = [.. Enumerable.Range(1, 4).Select(number => NameBasedId.Of($"van {number}"))];

    [Fact]
    public void Rank_PutsThoseWhoCanByDetourAndSlack_ThenTheOthersWithTheReason()
    {
        Crew[] crews = [VanOf(0), VanOf(1), VanOf(2) with { Hours = null }, VanOf(3)];
        RouteVisit[] day =
        [
            Visit("V-1", 50, "09:00", "12:00") with { VehicleId = Vans[0], TeamId = null },
            Visit("V-2", 10, "09:00", "10:00") with { VehicleId = Vans[1], TeamId = null },
            Visit("V-3", 60, "09:00", "16:00") with { VehicleId = Vans[3], TeamId = null },
        ];

        var ranked = Rank(Visit("V-9", 55) with { EstimatedMinutes = 60 }, crews, day, "07:00");

        Assert.Equal(["van 1", "van 4", "van 2", "van 3"], ranked.Select(candidate => candidate.Name));
        Assert.Equal([true, true, true, false], ranked.Select(candidate => candidate.Answer.Feasible));
        // Van 1 goes five minutes further, van 2 forty-five; van 4 works over, which costs fifteen.
        Assert.Equal([10, 0, 90, null], ranked.Select(candidate => candidate.Answer.AddedTravelMinutes));
        Assert.Equal(From("12:05", "13:05"), ranked[0].Planned);
        Assert.Equal("overtime", Rules(ranked[1].Answer));
        Assert.Equal("hours!", Rules(ranked[3].Answer));
    }

    [Fact]
    public void Rank_OfAVisitThatHasATime_KeepsIt()
    {
        RouteVisit[] day = [Visit("V-1", 50, "09:00", "12:00") with { VehicleId = Vans[0], TeamId = null }];

        var ranked = Rank(Visit("V-9", 55, "11:00", "12:00"), [VanOf(0), VanOf(1)], day, "07:00");

        Assert.Equal([("van 2", true), ("van 1", false)], ranked.Select(candidate => (candidate.Name, candidate.Answer.Feasible)));
        Assert.Equal("overlap!", Rules(ranked[1].Answer).Split(' ')[0]);
        Assert.All(ranked, candidate => Assert.Equal(From("11:00", "12:00"), candidate.Planned));
    }

    [Fact]
    public void Rank_WithoutAGap_SaysSo_AndWhatElseIsInTheWay()
    {
        RouteVisit[] day = [Visit("V-1", 50, "09:00", "12:00") with { VehicleId = Vans[0], TeamId = null }];
        var visit = Visit("V-9", 55) with { EstimatedMinutes = 60, WindowStart = At("09:30"), WindowEnd = At("11:00") };
        var crew = VanOf(0) with { Vehicle = VanOf(0).Vehicle! with { IsAvailable = false } };

        var candidate = Assert.Single(Rank(visit, [crew], day, "07:00"));

        Assert.Equal("no_gap! vehicle_unavailable!", Rules(candidate.Answer));
        Assert.Null(candidate.Planned);
    }

    /// <summary>The van of the crew does one visit and its team another: the gap is one of both, before the first or after the last.</summary>
    [Fact]
    public void Rank_OfACrewWhoseVanAndTeamHaveVisitsOfTheirOwn_FindsAGapOfBoth()
    {
        RouteVisit[] day =
        [
            Visit("V-1", 20, "08:20", "12:00") with { TeamId = null },
            Visit("V-2", 20, "11:00", "13:00") with { VehicleId = Vans[2] },
        ];

        var candidate = Assert.Single(Rank(Visit("V-9", 20) with { EstimatedMinutes = 60 }, [North], day, "07:00"));

        Assert.True(candidate.Answer.Feasible, Rules(candidate.Answer));
        Assert.Equal(From("13:00", "14:00"), candidate.Planned);
    }

    [Theory]
    [InlineData("07:00", "08:20")] // twenty minutes of driving from 08:00
    [InlineData("10:02", "10:05")]
    public void Rank_ProposesStepsOfFiveMinutes_AndNothingThatIsOver(string now, string start) =>
        Assert.Equal(At(start), Rank(Visit("V-9", 20) with { EstimatedMinutes = 30 }, [VanOf(0)], [], now)[0].Planned!.Value.Start);

    /// <summary>The gap beside trying every minute of the hours.</summary>
    [Property(MaxTest = 40)]
    public void Rank_OfAnyDay_FindsTheGapThatTryingEveryMinuteFinds(int seed)
    {
        var random = new Random(seed);
        var options = new PlanningOptions { OvertimeMinutes = 0 };
        var crew = VanOf(0) with { EndPlace = random.Next(2) == 0 ? null : Minute(0) };
        var day = AnyDay(random);
        var visit = Visit("V-9", random.Next(0, 90)) with { EstimatedMinutes = random.Next(1, 10) * 15 };
        if (random.Next(2) == 0)
        {
            var from = random.Next(480, 900);
            visit = visit with { WindowStart = At(from), WindowEnd = At(from + random.Next(0, 240)) };
        }

        var (now, travel) = (At(random.Next(400, 800)), Travel([visit, .. day], [crew]));

        var candidate = Assert.Single(CrewCandidates.Rank(visit, [crew], day, travel, options, now));

        var tried = Enumerable.Range(480, 540).Select(At).Where(start => start >= now)
            .Select(start => RouteCheck.Check(visit with { Planned = new(start, start.AddMinutes(visit.EstimatedMinutes)) }, crew, day, travel, options))
            .Where(answer => answer.Feasible && answer.Violations.All(found => found.Rule != RouteRule.Late))
            .ToList();
        Assert.Equal(tried.Count > 0, candidate.Answer.Feasible);
        if (tried.Count > 0)
        {
            Assert.Equal(tried.Min(answer => answer.AddedTravelMinutes), candidate.Answer.AddedTravelMinutes);
            Assert.True(candidate.Answer.SlackMinutes >= 0);
            Assert.DoesNotContain(candidate.Answer.Violations, found => found.Rule == RouteRule.Late);
        }
    }

    private static List<RouteVisit> AnyDay(Random random)
    {
        var (day, minute) = (new List<RouteVisit>(), 480);
        for (var i = 0; minute < 960; i++)
        {
            var start = minute + random.Next(0, 120);
            minute = start + random.Next(15, 120);
            var visit = Visit($"V-{i}", random.Next(0, 60)) with { Planned = new(At(start), At(minute)), VehicleId = Vans[0], TeamId = null };
            day.Add(random.Next(3) == 0 ? visit with { WindowEnd = At(start + random.Next(0, 60)) } : visit);
        }

        return day;
    }

    private static Crew VanOf(int number) => North with { Team = null, Vehicle = new() { Id = Vans[number], Name = $"van {number + 1}" } };

    private static IReadOnlyList<Candidate> Rank(RouteVisit visit, Crew[] crews, RouteVisit[] day, string now) =>
        CrewCandidates.Rank(visit, crews, day, Travel([visit, .. day], crews), PlannedDay.Options, At(now));
}
