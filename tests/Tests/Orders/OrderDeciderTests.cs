using ChargeCars.Orders;
using ChargeCars.Orders.Visits;

namespace ChargeCars.Tests.Orders;

public sealed class OrderDeciderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The visit and the cancellation crossed: neither knew of the other.</summary>
    [Theory]
    [InlineData(VisitStatus.Draft, false, 1)]
    [InlineData(VisitStatus.Scheduled, false, 1)]
    [InlineData(VisitStatus.Cancelled, false, 0)]
    [InlineData(VisitStatus.Draft, true, 0)]
    public void Follow_AVisitThatACancelledOrderDidNotKnow_CancelsItOnce(VisitStatus status, bool isKnown, int cancellations)
    {
        var visit = new OrderVisit(Guid.NewGuid(), status, false);
        var order = new Order { Id = Guid.NewGuid(), OrderStatus = OrderStatus.Cancelled, CancelReason = "moved away", Visits = isKnown ? [visit] : [] };

        var outcome = OrderDecider.Decide(order, new FollowVisit(visit), Now).Value!;

        var then = outcome.Then.Select(due => (due.TargetId, (due.Command as ActOnVisit)?.Action)).ToList();
        Assert.Equal(Enumerable.Repeat((visit.Id, (VisitAction?)VisitAction.Cancel), cancellations), then);
        Assert.Equal([visit], outcome.After!.Visits);
    }
}
