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
    public void Wish_SaidAgain_IsOne_AndAnotherOneCountsUpToTheMost()
    {
        var first = new AskAnotherTime(Now.AddDays(2), Now.AddDays(2).AddHours(2), null, [new(2026, 12, 4)], "Ik ben dan weg", 2);

        var asked = Decide(Link(), first);
        Assert.Equal((Now, first.From, 1), (asked.After!.WishedAt, asked.After.WishedFrom, asked.After.Wishes));
        var relayed = Assert.IsType<RelayWish>(Assert.Single(asked.Then).Command);
        Assert.Equal((Visit, 1, "Ik ben dan weg"), (relayed.VisitId, relayed.Number, relayed.Reason));

        Assert.Same(asked.After, Decide(asked.After, first with { Days = [new(2026, 12, 4)] }).After);
        var other = Decide(asked.After, first with { Reason = null });
        Assert.Equal(2, other.After!.Wishes);
        Assert.Equal("too_many_wishes", Assert.IsType<Conflict>(TrackingDecider.Decide(asked.After.Id, other.After, first, Now).Error).Code);
    }

    [Fact]
    public void Wish_OfAnotherAppointment_OrTakenBack_IsANewOne()
    {
        var wish = new AskAnotherTime(Now.AddDays(2), Now.AddDays(2).AddHours(2), null, [], null, 9);
        var asked = Decide(Link(), wish).After!;

        Assert.Equal(2, Decide(asked, wish with { From = Now.AddDays(3) }).After!.Wishes);
        Assert.Equal(2, Decide(asked, wish with { ConfirmedAt = Now.AddMinutes(1) }).After!.Wishes);
        var back = Decide(asked, new TakeBackWish()).After!;
        Assert.Equal((null, null, 1), (back.WishedAt, back.WishedFrom, back.Wishes));
        Assert.Same(back, Decide(back, new TakeBackWish()).After);
        Assert.Equal(2, Decide(back, wish).After!.Wishes);
    }

    [Fact]
    public void Wish_IsTold_InWordsOfTheDay()
    {
        var from = new DateTimeOffset(2026, 12, 1, 9, 0, 0, TimeSpan.Zero);

        Assert.Equal(
            "Via de link van B-1: liever een andere tijd dan dinsdag 1 december tussen 10:00 en 12:00.\nDit zou schikken: vrijdag 4 december.\n\nIk ben dan weg",
            WishRelay.TextOf("B-1", new(Visit, 1, from, from.AddHours(2), [new(2026, 12, 4)], "Ik ben dan weg")));
        Assert.Equal(
            "Via de link van B-1: liever een andere tijd dan dinsdag 1 december tussen 10:00 en 12:00.",
            WishRelay.TextOf("B-1", new(Visit, 1, from, from.AddHours(2), [], null)));
    }

    [Theory]
    [InlineData(VisitStatus.Draft, false)]
    [InlineData(VisitStatus.Scheduled, true)]
    [InlineData(VisitStatus.Confirmed, true)]
    [InlineData(VisitStatus.EnRoute, false)]
    [InlineData(VisitStatus.OnSite, false)]
    [InlineData(VisitStatus.InProgress, false)]
    [InlineData(VisitStatus.Paused, false)]
    [InlineData(VisitStatus.Completed, false)]
    [InlineData(VisitStatus.Incomplete, false)]
    [InlineData(VisitStatus.NoShow, false)]
    [InlineData(VisitStatus.Cancelled, false)]
    public void Customer_AnswersBeforeTheVanSetsOutOnly(VisitStatus status, bool expected)
    {
        var visit = new Visit { Status = status, ScheduledStart = Now.AddMinutes(150) };

        Assert.Equal(expected, TrackRules.RefuseAnswer(visit, null, Now) is null);
        Assert.Equal(expected, TrackRules.RefuseWish(visit, null, Now, TimeSpan.FromHours(2)) is null);
    }

    [Fact]
    public void Answer_IsToWhatWasShown_AndInTime()
    {
        var visit = new Visit { Status = VisitStatus.Scheduled, ScheduledStart = Now.AddMinutes(150) };
        var shown = new TrackArrival(Now.AddHours(2), Now.AddHours(4));

        Assert.Null(TrackRules.RefuseAnswer(visit, shown, Now));
        Assert.Equal("appointment_changed", TrackRules.RefuseAnswer(visit, shown with { Until = Now.AddHours(5) }, Now)!.Code);
        Assert.Equal("appointment_closed", TrackRules.RefuseAnswer(visit with { ScheduledStart = null }, null, Now)!.Code);
        Assert.Equal("too_late", TrackRules.RefuseAnswer(visit, shown, shown.Until)!.Code);
        Assert.Equal("too_late", TrackRules.RefuseWish(visit, shown, Now.AddMinutes(31), TimeSpan.FromHours(2))!.Code);
    }

    [Fact]
    public void Link_BeforeTheVanSetsOut_ShowsWhatWasPromisedAndNoMore()
    {
        var visit = Tracked(VisitStatus.Scheduled) with { ScheduledStart = Now.AddMinutes(95) };

        Assert.Equal(new TrackView(TrackStatus.Planned, new(Now.AddHours(1), Now.AddHours(3)), null, null), See(visit));
        Assert.Equal(
            new TrackView(TrackStatus.Confirmed, new(Now.AddHours(3), Now.AddHours(7)), null, null),
            See(visit with { Status = VisitStatus.Confirmed, WindowStart = Now.AddHours(3), WindowEnd = Now.AddHours(7) }));
        Assert.Equal(TrackStatus.RescheduleAsked, See(visit with { HasWish = true })!.Status);
        Assert.Equal(TrackStatus.RescheduleAsked, See(visit with { Status = VisitStatus.Confirmed, HasWish = true })!.Status);
        Assert.Equal(TrackStatus.OnTheWay, See(visit with { Status = VisitStatus.EnRoute, HasWish = true })!.Status);
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
