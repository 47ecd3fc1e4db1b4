using ChargeCars.Planning.Routes;
using static ChargeCars.Tests.Planning.Routes.PlannedDay;

namespace ChargeCars.Tests.Planning.Routes;

/// <summary>When a visit may be: times, promises, hours, travel, and what else the crew has to do.</summary>
public sealed class RouteCheckTests
{
    private static readonly RouteVisit Morning = Visit("V-1", 30, "09:00", "10:00");
    private static readonly RouteVisit Afternoon = Visit("V-2", 60, "13:00", "15:00");

    [Fact]
    public void Check_BetweenTwoVisits_TellsTravelDetourAndSlack()
    {
        var answer = Check(Visit("V-9", 45, "10:30", "11:30"), North, Morning, Afternoon);

        Assert.Equal("", Rules(answer));
        Assert.True(answer.Feasible);
        // 15 minutes there and 15 on, as the direct way takes; V-2 at 13:00 leaves 75 minutes.
        Assert.Equal((15, 0, 75), (answer.TravelMinutes, answer.AddedTravelMinutes, answer.SlackMinutes));
    }

    [Fact]
    public void Check_OffTheWay_AddsTheDetour_AndAPromiseGivesSlack()
    {
        var promised = Afternoon with { WindowStart = At("13:00"), WindowEnd = At("14:00") };

        var answer = Check(Visit("V-9", 10, "10:30", "11:30"), North, Morning, promised);

        Assert.Equal((20, 40, 100), (answer.TravelMinutes, answer.AddedTravelMinutes, answer.SlackMinutes));
    }

    [Theory]
    [InlineData("12:30", "13:30", true)]
    [InlineData("14:59", "16:00", true)]
    [InlineData("12:00", "16:00", true)]
    [InlineData("13:30", "14:00", true)]
    [InlineData("12:00", "13:00", false)] // they only touch
    [InlineData("15:00", "16:00", false)]
    public void Check_AtTheTimeOfAnotherVisit_NamesIt(string start, string end, bool overlaps)
    {
        var answer = Check(Visit("V-9", 60, start, end), North, Afternoon);

        var found = answer.Violations.Where(violation => violation.Rule == RouteRule.Overlap).ToList();
        Assert.Equal(overlaps ? 1 : 0, found.Count);
        Assert.All(found, overlap => Assert.Equal(
            (true, Afternoon.Id, "V-2 is planned 13:00–15:00 with the same van (V-196-RP)."), (overlap.Hard, overlap.VisitId!.Value, overlap.Detail)));
        Assert.Equal(!overlaps, answer.Feasible);
    }

    [Theory]
    [InlineData(true, false, false, "van (V-196-RP)")]
    [InlineData(false, true, false, "team (North)")]
    [InlineData(false, false, true, "person (Anna)")]
    [InlineData(false, false, false, null)]
    public void Check_Overlap_IsOfVanTeamOrPerson(bool van, bool team, bool person, string? shared)
    {
        var other = Afternoon with { VehicleId = van ? Van : Guid.NewGuid(), TeamId = team ? Team : null, AssigneeIds = person ? [Anna] : [] };

        var answer = Check(Visit("V-9", 60, "14:00", "15:30"), North, other);

        Assert.Equal(shared is not null, answer.Violations.Any(found => found.Rule == RouteRule.Overlap && found.Detail.Contains(shared ?? "", StringComparison.Ordinal)));
        Assert.Equal(shared is null, answer.Feasible);
    }

    [Fact]
    public void Check_OfAVisitAmongTheDaysOwn_DoesNotOverlapItself() =>
        Assert.True(Check(Afternoon with { Planned = From("13:30", "15:30") }, North, Morning, Afternoon).Feasible);

    [Theory]
    [InlineData("08:00", "12:00", "")]
    [InlineData("10:30", "10:30", "")]
    [InlineData("10:31", "12:00", "window!")]
    [InlineData("08:00", "10:29", "window!")]
    [InlineData(null, "10:00", "window!")]
    [InlineData("11:00", null, "window!")]
    public void Check_OutsideItsOwnPromise_BreaksTheWindow(string? from, string? to, string rules)
    {
        var visit = Visit("V-9", 30, "10:30", "11:30") with { WindowStart = from is null ? null : At(from), WindowEnd = to is null ? null : At(to) };

        Assert.Equal(rules, Rules(Check(visit, North, Morning)));
    }

    [Fact]
    public void Check_TooSoonAfterTheFormer_IsLate_AndBreaksAPromiseThatEnds()
    {
        var visit = Visit("V-9", 75, "10:30", "11:30");

        var late = Check(visit, North, Morning);
        var broken = Check(visit with { WindowEnd = At("10:40") }, North, Morning);

        Assert.Equal("late", Rules(late));
        Assert.Equal("V-9 would begin 15 minutes after its planned time: the crew comes from V-1 and drives 45 minutes.", late.Violations[0].Detail);
        Assert.Equal(-15, late.SlackMinutes);
        Assert.Equal("window!", Rules(broken));
        Assert.Equal("V-9 would begin 5 minutes after what its customer was promised: the crew comes from V-1 and drives 45 minutes.", broken.Violations[0].Detail);
    }

    [Fact]
    public void Check_WhatComesAfterTooLate_IsNamed()
    {
        var visit = Visit("V-9", 60, "11:00", "12:50");
        var next = Visit("V-3", 80, "13:00", "14:00");

        var late = Check(visit, North, Morning, next);
        var kept = Check(visit, North, Morning, next with { WindowEnd = At("13:10") });
        var broken = Check(visit, North, Morning, next with { WindowEnd = At("13:05") });

        Assert.Equal(("late", next.Id), (Rules(late), late.Violations[0].VisitId!.Value));
        Assert.Equal("V-3 would begin 10 minutes after its planned time: after V-9, with 20 minutes of driving.", late.Violations[0].Detail);
        Assert.Equal(("late", 0), (Rules(kept), kept.SlackMinutes));
        Assert.Equal(("window!", next.Id), (Rules(broken), broken.Violations[0].VisitId!.Value));
    }

    [Fact]
    public void Check_OfADayThatWasLateBefore_TellsOnlyWhatTheVisitBrings()
    {
        var tight = Visit("V-3", 200, "15:10", "16:00");

        var answer = Check(Visit("V-9", 45, "10:30", "11:30"), North with { EndPlace = null }, Morning, Afternoon, tight);

        Assert.Equal("", Rules(answer));
        Assert.Equal(75, answer.SlackMinutes);
    }

    [Theory]
    [InlineData("07:30", "08:30", 0, "hours! late")]
    [InlineData("15:30", "16:45", 15, "")]
    [InlineData("15:30", "16:45", 30, "overtime")]
    [InlineData("15:30", "16:45", 75, "overtime")]
    [InlineData("15:30", "16:45", 76, "hours!")]
    public void Check_OutsideTheHours_IsRefused_AndALittleOvertimeIsTold(string start, string end, int minute, string rules) =>
        Assert.Equal(rules, Rules(Check(Visit("V-9", minute, start, end), North)));

    [Fact]
    public void Check_OnADayOff_IsRefused_WithoutSlack()
    {
        var answer = Check(Visit("V-9", 10, "10:00", "11:00"), North with { Hours = null }, Morning with { Planned = From("13:00", "14:00") });

        Assert.Equal("hours!", Rules(answer));
        Assert.Equal("North (V-196-RP) does not work on Wednesday 4 March.", answer.Violations[0].Detail);
        Assert.Null(answer.SlackMinutes);
    }

    [Fact]
    public void Check_ThatFillsTheBreak_SaysSo_AndOnlyThen()
    {
        var crew = North with { Breaks = [new(At("12:00"), At("13:00"), 30)] };

        Assert.Equal("", Rules(Check(Visit("V-9", 60, "11:00", "12:15"), crew, Morning, Afternoon)));
        Assert.Equal("break", Rules(Check(Visit("V-9", 60, "11:00", "12:45"), crew, Morning, Afternoon)));
        // There was no room for it before either.
        Assert.Equal("", Rules(Check(Visit("V-9", 60, "10:30", "11:00"), crew, Visit("V-3", 60, "11:00", "12:45"), Afternoon)));
    }

    [Fact]
    public void Check_ShorterThanTheCrewNeeds_SaysSo()
    {
        var visit = Visit("V-9", 30, "10:30", "11:30") with { EstimatedMinutes = 60 };

        Assert.Equal("", Rules(Check(visit, North, Morning)));
        Assert.Equal("It is planned for 60 minutes and takes 72.", Assert.Single(Check(visit, North with { DurationFactor = 1.2 }, Morning).Violations).Detail);
    }

    [Fact]
    public void Check_FarAway_OfAnUnknownPlace_OrWithoutARoad_SaysSo()
    {
        var far = Check(Visit("V-9", 91, "10:30", "11:30"), North);
        var unknown = Check(Visit("V-9", 0, "10:30", "11:30") with { Place = null }, North, Morning);
        var island = Check(Visit("V-9", 0, "10:30", "11:30") with { Place = new MapPoint(51, 3) }, North, Morning);

        Assert.Equal(("too_far", 91, 182), (Rules(far), far.TravelMinutes, far.AddedTravelMinutes));
        Assert.Equal(("place", null, null), (Rules(unknown), unknown.TravelMinutes, unknown.AddedTravelMinutes));
        Assert.Equal(("unreachable!", null, null), (Rules(island), island.TravelMinutes, island.AddedTravelMinutes));
    }

    [Fact]
    public void Check_OfATeamWhoseVanComesFromElsewhere_TakesTheWorseOfBoth()
    {
        var ofTheVan = Visit("V-3", 70, "08:00", "09:30") with { TeamId = Guid.NewGuid() };
        var ofTheTeam = Visit("V-4", 20, "08:00", "09:30") with { VehicleId = Guid.NewGuid() };

        var answer = Check(Visit("V-9", 30, "10:00", "11:00"), North with { StartPlace = null }, ofTheVan, ofTheTeam);

        Assert.Equal(("late", 40), (Rules(answer), answer.TravelMinutes));
    }

    [Fact]
    public void Check_WithoutATime_IsAFaultOfTheCaller() => Assert.Throws<ArgumentException>(() => Check(Visit("V-9", 30), North));
}
