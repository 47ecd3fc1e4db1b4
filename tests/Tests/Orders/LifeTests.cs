using ChargeCars.Orders;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Tests.Orders;

/// <summary>Every status × action of orders and visits has its one answer, and there is no way out of what is over.</summary>
public sealed class LifeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>What is taken from each status where nothing else stands in the way; all else is refused.</summary>
    [Theory]
    [InlineData(OrderStatus.New, "submit-quote>quoted approve>approved hold>on_hold cancel>cancelled")]
    [InlineData(OrderStatus.Quoted, "accept-quote>approved reject-quote>new hold>on_hold cancel>cancelled")]
    [InlineData(OrderStatus.Approved, "plan>planned start>in_progress hold>on_hold cancel>cancelled")]
    [InlineData(OrderStatus.Planned, "start>in_progress finish-work>work_done hold>on_hold cancel>cancelled unplan>approved")]
    [InlineData(OrderStatus.InProgress, "plan>planned finish-work>work_done hold>on_hold cancel>cancelled")]
    [InlineData(OrderStatus.WorkDone, "reject-work>rework complete>completed")]
    [InlineData(OrderStatus.Rework, "plan>planned start>in_progress hold>on_hold cancel>cancelled")]
    [InlineData(OrderStatus.Completed, "invoice>invoiced close>closed")]
    [InlineData(OrderStatus.Invoiced, "close>closed")]
    [InlineData(OrderStatus.Closed, "")]
    [InlineData(OrderStatus.OnHold, "resume>planned cancel>cancelled")]
    [InlineData(OrderStatus.Cancelled, "")]
    public void Order_OfAStatus_TakesTheseActionsAndNoOther(OrderStatus status, string taken) => Assert.Equal(taken, Taken<OrderAction>(action =>
    {
        VisitStatus? visit = action switch
        {
            OrderAction.Plan => VisitStatus.Scheduled,
            OrderAction.Start => VisitStatus.InProgress,
            OrderAction.FinishWork or OrderAction.Complete => VisitStatus.Completed,
            _ => null,
        };
        var order = new Order
        {
            Id = Guid.NewGuid(), OrderStatus = status, OrderType = OrderType.Service, HeldFrom = status == OrderStatus.OnHold ? OrderStatus.Planned : null,
            LineItems = [new() { Id = Guid.NewGuid(), Quantity = 1 }], Visits = visit is { } its ? [new(Guid.NewGuid(), its, true)] : [],
        };
        var act = new ActOnOrder(action) { Reason = "so", AcceptedByName = action == OrderAction.AcceptQuote ? "Anna" : null, ByManager = true };
        return OrderDecider.Decide(order, act, Now).Map(outcome => WireText.Of(outcome.After!.OrderStatus));
    }));

    [Theory]
    [InlineData(VisitStatus.Draft, "schedule>scheduled cancel>cancelled")]
    [InlineData(VisitStatus.Scheduled, "reschedule>scheduled confirm>confirmed depart>en_route arrive>on_site cancel>cancelled unschedule>draft")]
    [InlineData(VisitStatus.Confirmed, "reschedule>scheduled depart>en_route arrive>on_site cancel>cancelled unschedule>draft")]
    [InlineData(VisitStatus.EnRoute, "arrive>on_site no-show>no_show cancel>cancelled")]
    [InlineData(VisitStatus.OnSite, "start>in_progress fail>incomplete no-show>no_show cancel>cancelled")]
    [InlineData(VisitStatus.InProgress, "pause>paused complete>completed fail>incomplete")]
    [InlineData(VisitStatus.Paused, "resume>in_progress fail>incomplete")]
    [InlineData(VisitStatus.Completed, "")]
    [InlineData(VisitStatus.Incomplete, "")]
    [InlineData(VisitStatus.NoShow, "")]
    [InlineData(VisitStatus.Cancelled, "")]
    public void Visit_OfAStatus_TakesTheseActionsAndNoOther(VisitStatus status, string taken) => Assert.Equal(taken, Taken<VisitAction>(action =>
    {
        var isTiming = action is VisitAction.Schedule or VisitAction.Reschedule;
        var visit = new Visit { Id = Guid.NewGuid(), OrderId = Guid.NewGuid(), Status = status, VehicleId = Guid.NewGuid(), ScheduledStart = Now, ScheduledEnd = Now.AddHours(1) };
        var act = new ActOnVisit(action)
        {
            Reason = "so", Resolution = action == VisitAction.Complete ? "Done." : null,
            ScheduledStart = isTiming ? Now.AddDays(1) : null, ScheduledEnd = isTiming ? Now.AddDays(1).AddHours(1) : null,
        };
        return VisitDecider.Decide(visit, act, Now).Map(outcome => WireText.Of(outcome.After!.Status));
    }));

    // A refusal is one of the table, and never a fault of the body.
    private static string Taken<TAction>(Func<TAction, Result<string>> act) where TAction : struct, Enum => string.Join(' ', Enum.GetValues<TAction>()
        .Select(action => (Action: ActionText.Of(action), Answer: act(action)))
        .Where(tried => tried.Answer.Succeeded || tried.Answer.Error is not TransitionRefused)
        .Select(tried => $"{tried.Action}>{(tried.Answer.Succeeded ? tried.Answer.Value : tried.Answer.Error.Detail)}"));
}
