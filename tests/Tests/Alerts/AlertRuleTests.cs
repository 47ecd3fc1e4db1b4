using ChargeCars.Alerts;
using ChargeCars.Alerts.Sources;
using ChargeCars.Planning.Arrivals;
using ChargeCars.Planning.Routes;
using static ChargeCars.Tests.Planning.Routes.PlannedDay;
using Day = ChargeCars.Planning.PlannedDay;

namespace ChargeCars.Tests.Alerts;

/// <summary>What the rules find in a day, and what is written because of it.</summary>
public sealed class AlertRuleTests
{
    private static readonly AlertOptions Rules = new();
    private static readonly HashSet<Guid> None = [];

    [Theory]
    [InlineData("09:45", null, false)]
    [InlineData("09:46", null, true)]
    [InlineData("09:46", "10:00", false)]
    [InlineData("10:15", "10:00", false)]
    [InlineData("10:16", "10:00", true)]
    public void Late_IsMoreThanAQuarterAfterThePromise_OrWithoutOneAfterThePlan(string arrival, string? windowEnd, bool isLate)
    {
        var visit = Visit("V-1", 60, "09:30", "10:30") with { WindowEnd = windowEnd is null ? null : At(windowEnd) };

        Assert.Equal(isLate, LateRule.Facts([Ahead(visit, arrival)], None, Rules).Any());
    }

    [Fact]
    public void Late_EndsOnlyWhenItIsClearlyLess()
    {
        var visit = Visit("V-1", 60, "09:30", "10:30");

        Assert.NotEmpty(LateRule.Facts([Ahead(visit, "09:41")], new HashSet<Guid> { visit.Id }, Rules));
        Assert.Empty(LateRule.Facts([Ahead(visit, "09:40")], new HashSet<Guid> { visit.Id }, Rules));
    }

    [Fact]
    public void Late_OfOneCrew_IsOneFactThatCountsWhatFollows()
    {
        var (first, second) = (Visit("V-1", 60, "09:30", "10:30"), Visit("V-2", 60, "11:30", "12:30"));

        var fact = Assert.Single(LateRule.Facts([Ahead(first, "10:00"), Ahead(second, "12:00")], None, Rules));

        Assert.Equal((first.Id, 30, 2, Van), (fact.EntityId, fact.Detail.LateMinutes, fact.Detail.Count, fact.VehicleId));
        // Once the crew is at the first, the second is told by itself.
        var there = first with { Progress = VisitProgress.OnSite };
        Assert.Equal(second.Id, Assert.Single(LateRule.Facts([Ahead(there, "10:00"), Ahead(second, "12:00")], None, Rules)).EntityId);
    }

    [Theory]
    [InlineData(VisitProgress.EnRoute, "09:49", true)]
    [InlineData(VisitProgress.OnSite, "09:49", true)]
    [InlineData(VisitProgress.EnRoute, "09:50", false)]
    [InlineData(VisitProgress.Planned, "09:00", false)]
    [InlineData(VisitProgress.EnRoute, null, false)]
    public void Silence_CountsOnAJob_AfterTenMinutes(VisitProgress progress, string? seen, bool isLost)
    {
        var vans = seen is null ? [] : new Dictionary<Guid, LivePosition> { [Van] = new(Minute(3), At(seen)) };
        var ahead = Ahead(Visit("V-1", 60, "09:30", "10:30") with { Progress = progress }, "09:30");

        var facts = SilenceRule.Facts(new(new Day(Date, [ahead.Visit], [North], vans), [ahead, ahead]), Rules, At("10:00")).ToList();

        Assert.Equal(isLost ? [Van] : [], facts.Select(fact => fact.EntityId));
    }

    [Fact]
    public void Plan_OfWhatIsSaidAlready_IsEmpty_AndEndsNothingThatItDidNotSee()
    {
        var fact = new AlertFact(AlertType.SignalLost, "vehicle", Van, AlertSeverity.High);
        var other = new AlertFact(AlertType.SignalLost, "vehicle", Anna, AlertSeverity.High);
        Alert[] standing = [Raised(fact), Raised(other)];

        Assert.Empty(AlertPlan.Of(new([fact, other, fact]), standing));
        var (raise, end) = (AlertPlan.Of(new([fact]), [])[0], Assert.Single(AlertPlan.Of(new([fact]), standing)));
        Assert.Equal((fact.AlertId, 0L), (raise.Id, raise.Version));
        Assert.Equal((other.AlertId, 3L), (end.Id, end.Version));
        Assert.IsType<EndAlert>(end.Command);
        Assert.Empty(AlertPlan.Of(new([fact], IsComplete: false), standing));
    }

    private static Alert Raised(AlertFact fact) =>
        AlertDecider.Decide(fact.AlertId, null, new RaiseAlert(fact), At("09:00")).Value!.After! with { Version = 3 };

    private static AheadVisit Ahead(RouteVisit visit, string arrival)
    {
        var at = At(arrival);
        return new(visit, North, new(visit.Id, new(at, at, at), new(at, at, at), Punctuality.OnTime, 0), Guid.NewGuid(), BusinessEntity.Chargecars, null);
    }
}
