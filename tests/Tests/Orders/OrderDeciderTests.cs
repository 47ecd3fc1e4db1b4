using ChargeCars.Orders;
using ChargeCars.Orders.Deadlines;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;

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

    /// <summary>
    /// Orders are driven as the street drives them: what follows for the order itself is carried out at once. A word is an action of the
    /// order, or of a visit: <c>A:completed</c>.
    /// </summary>
    [Theory]
    [InlineData("A:scheduled A:in_progress A:completed", "work_done")]
    [InlineData("A:scheduled A:in_progress A:completed B:draft B:cancelled", "work_done")]
    [InlineData("A:scheduled A:in_progress A:completed reject-work B:scheduled B:no_show", "rework")]
    [InlineData("A:scheduled A:in_progress A:completed reject-work B:scheduled B:cancelled", "rework")]
    [InlineData("A:scheduled A:in_progress A:completed reject-work B:scheduled B:in_progress B:incomplete", "rework")]
    [InlineData("A:scheduled A:in_progress A:completed reject-work B:scheduled B:in_progress B:completed", "work_done")]
    [InlineData("A:scheduled A:in_progress A:completed B:scheduled reject-work", "planned")]
    [InlineData("A:scheduled B:scheduled A:in_progress A:completed B:in_progress B:incomplete", "in_progress")]
    [InlineData("A:scheduled B:scheduled A:in_progress A:completed B:no_show", "in_progress")]
    [InlineData("A:scheduled A:in_progress A:incomplete B:scheduled B:in_progress B:completed", "work_done")]
    [InlineData("S:scheduled S:in_progress S:completed", "in_progress")]
    [InlineData("S:scheduled S:in_progress S:completed A:scheduled A:cancelled", "in_progress")]
    [InlineData("S:scheduled S:in_progress S:completed A:scheduled A:in_progress A:completed", "work_done")]
    [InlineData("A:scheduled hold A:in_progress A:completed resume", "work_done")]
    [InlineData("A:scheduled hold A:in_progress resume", "in_progress")]
    [InlineData("A:scheduled hold A:cancelled resume", "approved")]
    [InlineData("hold A:scheduled A:in_progress A:completed resume", "work_done")]
    [InlineData("A:scheduled A:in_progress A:completed reject-work B:scheduled hold B:cancelled resume", "rework")]
    [InlineData("A:scheduled A:in_progress A:completed reject-work hold B:scheduled resume", "planned")]
    public void Order_IsWhereItsVisitsSay(string words, string expected) => Assert.Equal(expected, WireText.Of(Run(OrderStatus.Approved, words).OrderStatus));

    [Fact]
    public void Quote_AcceptedAfterAVisitWasScheduled_IsPlanned() =>
        Assert.Equal(OrderStatus.Planned, Run(OrderStatus.Quoted, "A:scheduled accept-quote").OrderStatus);

    /// <summary>On a service order to look is the work.</summary>
    [Fact]
    public void Survey_OfAServiceOrder_FinishesIt() =>
        Assert.Equal(OrderStatus.WorkDone, Run(OrderStatus.Approved, "S:scheduled S:in_progress S:completed", OrderType.Service).OrderStatus);

    [Theory]
    [InlineData(OrderAction.Start)]
    [InlineData(OrderAction.FinishWork)]
    public void Rework_WithoutACorrectiveVisit_GoesNowhere(OrderAction action)
    {
        var order = Run(OrderStatus.Approved, "A:scheduled A:in_progress A:completed reject-work");

        Assert.IsType<TransitionRefused>(OrderDecider.Decide(order, new ActOnOrder(action), Now).Error);
    }

    [Theory]
    [InlineData("A:scheduled A:in_progress A:completed", true)]
    [InlineData("A:scheduled A:in_progress A:completed reject-work B:scheduled B:in_progress B:completed!", false)]
    [InlineData("S:scheduled S:in_progress S:completed A:scheduled A:in_progress A:completed!", false)]
    [InlineData("A:scheduled A:in_progress A:completed B:scheduled", false)]
    public void Complete_AsksForTheSignatureOfThePresentWork_AndForNoOpenVisit(string words, bool isTaken)
    {
        var order = Run(OrderStatus.Approved, words);
        Assert.Equal(OrderStatus.WorkDone, order.OrderStatus);

        var answer = OrderDecider.Decide(order, new ActOnOrder(OrderAction.Complete), Now);

        Assert.Equal(isTaken, answer.Succeeded);
        Assert.Equal(isTaken, answer.Error is not TransitionRefused { Unmet.Count: 1 });
    }

    [Theory]
    [InlineData(VisitStatus.Scheduled, VisitAction.Cancel)]
    [InlineData(VisitStatus.OnSite, VisitAction.Cancel)]
    [InlineData(VisitStatus.InProgress, VisitAction.Fail)]
    [InlineData(VisitStatus.Paused, VisitAction.Fail)]
    public void Cancellation_OfWorkThatWasBegun_LeavesItUnfinished(VisitStatus status, VisitAction expected)
    {
        var visit = new OrderVisit(Guid.NewGuid(), status, false);
        var order = new Order { Id = Guid.NewGuid(), OrderStatus = OrderStatus.InProgress, Visits = [visit] };
        var cancel = new ActOnOrder(OrderAction.Cancel) { Reason = "moved away", ByManager = true };

        Assert.Equal(expected, Action(OrderDecider.Decide(order, cancel, Now)));
        // It began while the order was being cancelled.
        Assert.Equal(
            status is VisitStatus.InProgress or VisitStatus.Paused ? VisitAction.Fail : null,
            Action(OrderDecider.Decide(order with { OrderStatus = OrderStatus.Cancelled, Visits = [visit with { Status = VisitStatus.Confirmed }] }, new FollowVisit(visit), Now)));

        static VisitAction? Action(Result<Outcome<Order>> outcome) => outcome.Value!.Then.Select(due => due.Command).OfType<ActOnVisit>().SingleOrDefault()?.Action;
    }

    /// <summary>Another priority has another target of the clock that runs: of the intake, until it is approved.</summary>
    [Theory]
    [InlineData(OrderStatus.New, null, 120)]
    [InlineData(OrderStatus.Quoted, null, 120)]
    [InlineData(OrderStatus.OnHold, OrderStatus.New, 120)]
    [InlineData(OrderStatus.OnHold, OrderStatus.Quoted, 120)]
    [InlineData(OrderStatus.OnHold, OrderStatus.Approved, 2 * 9 * 60)]
    [InlineData(OrderStatus.Planned, null, 2 * 9 * 60)]
    public void Priority_OfAnOrder_RetargetsTheClockThatRuns(OrderStatus status, OrderStatus? heldFrom, int minutes)
    {
        var order = new Order
        {
            Id = Guid.NewGuid(), OrderStatus = status, HeldFrom = heldFrom, PriorityLevel = PriorityLevel.Normal, BusinessEntity = BusinessEntity.Chargecars,
            Sla = new() { StartedAt = Now, TargetMinutes = 540 },
        };

        var revised = OrderKind.Revised(order, order with { PriorityLevel = PriorityLevel.Urgent }, Now).Value!.After!;

        Assert.Equal(minutes, revised.Sla!.TargetMinutes);
    }

    private static Order Run(OrderStatus from, string words, OrderType type = OrderType.Installation)
    {
        var order = new Order { Id = Guid.NewGuid(), OrderStatus = from, OrderType = type, Sla = new() { StartedAt = Now, TargetMinutes = 60 } };
        foreach (var word in words.Split(' '))
        {
            var followed = Carried(word.Split(':') switch
            {
                [var visit, var status] => new FollowVisit(new OrderVisit(IdOf(visit), WireText.Parse<VisitStatus>(status.TrimEnd('!')), status == "completed")
                {
                    VisitType = visit == "S" ? VisitType.Survey : VisitType.Install,
                }),
                _ => new ActOnOrder(Enum.GetValues<OrderAction>().Single(action => ActionText.Of(action) == word)) { Reason = "so", AcceptedByName = word == "accept-quote" ? "Anna" : null },
            });
            while (followed)
            {
                followed = Carried(new FollowVisits());
            }
        }

        return order;

        bool Carried(EntityCommand<Order> command)
        {
            var outcome = OrderDecider.Decide(order, command, Now);
            Assert.True(outcome.Succeeded, $"{command}: {outcome.Error?.Detail}");
            order = outcome.Value.After!;
            return outcome.Value.Then.Any(due => due.Command is FollowVisits);
        }

        static Guid IdOf(string visit) => NameBasedId.Of(visit);
    }
}
