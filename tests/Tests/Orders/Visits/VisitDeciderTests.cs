using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Tests.Orders.Visits;

public sealed class VisitDeciderTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Visit OnItsWay = new()
    {
        Id = Guid.NewGuid(), OrderId = Guid.NewGuid(), VehicleId = Guid.NewGuid(), Status = VisitStatus.EnRoute,
        ScheduledStart = Now.AddHours(-2), ScheduledEnd = Now, EnRouteAt = Now.AddHours(-3),
    };

    /// <summary>A phone in a cellar tells later what happened: that is when it happened.</summary>
    [Fact]
    public void Action_ToldLater_HasTheTimeAtWhichItHappened()
    {
        var arrived = After(OnItsWay, new(VisitAction.Arrive) { OccurredAt = Now.AddHours(-2) });
        var started = After(arrived, new(VisitAction.Start));

        Assert.Equal((Now.AddHours(-2), Now), (arrived.ArrivedAt, started.StartedAt));
    }

    [Theory]
    [InlineData(61, "must not be in the future")]
    [InlineData(-8 * 24 * 3600, "must be at most 7 days ago")]
    [InlineData(-3 * 3600 - 1, "must not be before the visit's step before it, 2026-12-01T09:00:00Z")]
    public void Action_ToldOfATimeThatCannotBe_NamesTheFault(int seconds, string fault)
    {
        var refused = Assert.IsType<Invalid>(Act(OnItsWay, new(VisitAction.Arrive) { OccurredAt = Now.AddSeconds(seconds) }).Error);

        Assert.Equal(fault, string.Join(' ', refused.Fields["occurredAt"]));
    }

    [Fact]
    public void Action_AtTheDesk_HappensWhenItIsTaken()
    {
        var refused = Assert.IsType<Invalid>(Act(OnItsWay, new(VisitAction.Cancel) { Reason = "moved", OccurredAt = Now }).Error);

        Assert.Equal(["occurredAt"], refused.Fields.Keys);
    }

    [Fact]
    public void Action_OfAPhoneWhoseClockIsAhead_HappensNow() =>
        Assert.Equal(Now, After(OnItsWay, new(VisitAction.Arrive) { OccurredAt = Now.AddSeconds(30) }).ArrivedAt);

    /// <summary>Times are kept in whole seconds, and a visit over midnight is two.</summary>
    [Fact]
    public void Schedule_ByTheClockOnTheWall_IsCheckedAndTidied()
    {
        var draft = new Visit { Id = Guid.NewGuid(), OrderId = Guid.NewGuid(), Status = VisitStatus.Draft };

        var over = Act(draft, new(VisitAction.Schedule) { ScheduledStart = Now.AddHours(10), ScheduledEnd = Now.AddHours(12) });
        var planned = After(draft, new(VisitAction.Schedule) { ScheduledStart = Now.AddMilliseconds(7), ScheduledEnd = Now.AddHours(1) });

        Assert.Equal(["scheduledEnd"], Assert.IsType<Invalid>(over.Error).Fields.Keys);
        Assert.Equal(Now, planned.ScheduledStart);
    }

    private static Visit After(Visit visit, ActOnVisit act) => Act(visit, act) is { Succeeded: true, Value.After: { } after } ? after : throw new InvalidOperationException("It was refused.");

    private static Result<Outcome<Visit>> Act(Visit visit, ActOnVisit act) => VisitDecider.Decide(visit, act, Now);
}
