using ChargeCars.Api.Conversations.Tracking;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning.Routes;

namespace ChargeCars.Tests.Conversations.Tracking;

/// <summary>Who is told what and when, and what a link shows: without a host.</summary>
public sealed class TrackingDeciderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero);
    private static readonly Guid Visit = Guid.NewGuid();
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    [Fact]
    public void Link_IsMadeOnce_AndItsFirstTokenStays()
    {
        var (made, id) = (Link(), TrackingLink.IdOf(Visit));

        var again = TrackingDecider.Decide(id, made, new OpenTrackingLink(Visit, BusinessEntity.Chargecars, [9], "other"), Now).Value!;

        Assert.Same(made, again.After);
        Assert.IsType<Invalid>(TrackingDecider.Decide(Guid.NewGuid(), null, new OpenTrackingLink(Visit, BusinessEntity.Chargecars, [1], "a"), Now).Error);
        Assert.IsType<NotFound>(TrackingDecider.Decide(id, null, new TellDeparture(Now, Now), Now).Error);
    }

    [Fact]
    public void Departure_IsToldOnce()
    {
        var told = Decide(Link(), new TellDeparture(Now, Now.AddMinutes(20)));

        Assert.Equal((1, Now, Now.AddMinutes(20)), (told.After!.Notices, told.After.ToldFrom, told.After.ToldUntil));
        Assert.Equal(new SendNotice(told.After.Id, 1), Assert.Single(told.Then).Command);
        Assert.Empty(Decide(told.After, new TellDeparture(Now.AddHours(2), Now.AddHours(3))).Then);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(15, 15, false)]
    [InlineData(10, -10, false)] // narrower: it comes nearer
    [InlineData(0, 15, false)]
    [InlineData(0, 16, true)]
    [InlineData(30, 16, true)]
    [InlineData(-15, 0, false)]
    [InlineData(-16, -16, true)]
    public void Arrival_ThatMoved_IsToldAgainBeyondTheSetting(int fromMinutes, int untilMinutes, bool expected)
    {
        var told = Link() with { Notices = 1, ToldFrom = Now.AddMinutes(30), ToldUntil = Now.AddMinutes(50) };

        var after = Decide(told, new TellMoved(Now.AddMinutes(30 + fromMinutes), Now.AddMinutes(50 + untilMinutes), 15, 2));

        Assert.Equal(expected ? 2 : 1, after.After!.Notices);
        Assert.Equal(expected ? [new SendNotice(told.Id, 2)] : Array.Empty<object>(), after.Then.Select(due => due.Command));
    }

    [Fact]
    public void Arrival_ThatMoves_IsToldNoMoreThanSoOften_AndNeverBeforeTheDeparture()
    {
        var far = new TellMoved(Now.AddHours(5), Now.AddHours(6), 15, 2);

        Assert.Equal(2, Decide(Link() with { Notices = 2, ToldFrom = Now, ToldUntil = Now }, far).After!.Notices);
        Assert.Equal(0, Decide(Link(), far).After!.Notices);
        Assert.Equal(1, Decide(Link() with { Notices = 1 }, far).After!.Notices); // told without a range
    }

    [Fact]
    public void Link_BeforeTheVanSetsOut_ShowsWhatWasPromisedAndNoMore()
    {
        var visit = Tracked(VisitStatus.Scheduled) with { ScheduledStart = Now.AddMinutes(95) };

        Assert.Equal(new TrackView(TrackStatus.Planned, new(Now.AddHours(1), Now.AddHours(3)), null, null), See(visit));
        Assert.Equal(
            new TrackView(TrackStatus.Planned, new(Now.AddHours(3), Now.AddHours(7)), null, null),
            See(visit with { Status = VisitStatus.Confirmed, WindowStart = Now.AddHours(3), WindowEnd = Now.AddHours(7) }));
        Assert.Equal(new TrackView(TrackStatus.Planned, null, null, null), See(visit with { Status = VisitStatus.Draft }));
    }

    [Fact]
    public void Link_OnTheWay_ShowsTheVanRoughlyAndARange()
    {
        var visit = Tracked(VisitStatus.EnRoute);

        Assert.Equal(
            new TrackView(TrackStatus.OnTheWay, new(Now.AddMinutes(10), Now.AddMinutes(35)), "An", new(52.1235, 5.9877, Now.AddMinutes(-1))), See(visit));
        Assert.Null(See(visit with { Van = visit.Van! with { SeenAt = Now.AddMinutes(-11) } })!.Van);
        Assert.Equal(new TrackView(TrackStatus.OnTheWay, null, "An", null), TrackRules.See(visit with { Van = null }, null, Now, Hour, Age));
    }

    [Theory]
    [InlineData(VisitStatus.OnSite, TrackStatus.Arrived)]
    [InlineData(VisitStatus.InProgress, TrackStatus.Arrived)]
    [InlineData(VisitStatus.Paused, TrackStatus.Arrived)]
    [InlineData(VisitStatus.Completed, TrackStatus.Done)]
    [InlineData(VisitStatus.Incomplete, TrackStatus.Done)]
    [InlineData(VisitStatus.NoShow, TrackStatus.Done)]
    [InlineData(VisitStatus.Cancelled, TrackStatus.Cancelled)]
    public void Link_FromTheArrivalOn_ShowsNoVan_AndIsDeadAnHourAfterTheEnd(VisitStatus status, TrackStatus expected)
    {
        var visit = Tracked(status) with { EndedAt = status.IsOpen() ? null : Now.AddMinutes(-59) };

        var seen = See(visit)!;

        Assert.Equal(expected, seen.Status);
        Assert.Null(seen.Van);
        Assert.Null(seen.Arrival);
        Assert.Equal(status.IsOpen(), TrackRules.See(visit, null, Now.AddMinutes(1), Hour, Age) is not null);
    }

    private static TrackView? See(TrackedVisit visit) => TrackRules.See(
        visit,
        new(visit.VisitId, new(Now.AddMinutes(12), Now.AddMinutes(20), Now.AddMinutes(31)), new(Now, Now, Now), Punctuality.OnTime, 0), Now, Hour, Age);

    private static TrackedVisit Tracked(VisitStatus status) =>
        new(Visit, status, null, null, null, null, "An", new(52.12345678, 5.98765432, Now.AddMinutes(-1)));

    private static TrackingLink Link() =>
        TrackingDecider.Decide(TrackingLink.IdOf(Visit), null, new OpenTrackingLink(Visit, BusinessEntity.Chargecars, [1], "a"), Now).Value!.After!;

    private static ChargeCars.Platform.Entities.Outcome<TrackingLink> Decide(TrackingLink link, TrackingCommand command) =>
        TrackingDecider.Decide(link.Id, link, command, Now).Value!;
}
