using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;
using static ChargeCars.Orders.OrderAction;
using static ChargeCars.Orders.OrderStatus;

namespace ChargeCars.Orders;

/// <summary>The life of an order as data (facts/orders.md). Completed, invoiced and closed orders are never cancelled.</summary>
public static class OrderTransitions
{
    private static readonly OrderStatus[] Holdable = [New, Quoted, Approved, Planned, InProgress, Rework];

    private static readonly Guard<Order> HasLines = new("the order has no lines", order => order.LineItems.Count > 0);
    private static readonly Guard<Order> NeedsNoQuote = new("it needs an accepted quote, as it is neither a partner's nor a service",
        order => order.PartnerOrganizationId is not null || order.OrderType == OrderType.Service);

    private static readonly Guard<Order> IsScheduled = new("no visit is scheduled", OrderProgress.IsScheduled);
    private static readonly Guard<Order> IsStarted = new("no visit was started", OrderProgress.IsStarted);
    private static readonly Guard<Order> NothingOpen = new("a visit is not done yet", OrderProgress.HasNothingOpen);
    private static readonly Guard<Order> IsDone = new("the work is not done: the last visit that ended must be a completed one, and no survey", OrderProgress.IsDone);
    private static readonly Guard<Order> IsSignedOff = new(
        "the customer has not signed: name signedBy at the visit, or let a manager waive it (signoffWaivedReason)", OrderProgress.IsSignedOff);
    private static readonly Guard<Order> NothingPlanned = new("a visit is still to be done", order => !OrderProgress.IsScheduled(order));

    /// <summary>Where each action leads from each status.</summary>
    public static TransitionTable<Order, OrderStatus, OrderAction> Table { get; } = Build();

    private static TransitionTable<Order, OrderStatus, OrderAction> Build()
    {
        var table = new TransitionTable<Order, OrderStatus, OrderAction>(order => order.OrderStatus)
            {
                Milestones = new HashSet<OrderStatus> { New, Approved, Planned, InProgress, WorkDone, Completed, Invoiced },
            }
            .Add(New, SubmitQuote, Quoted, HasLines)
            .Add(Quoted, AcceptQuote, Approved)
            .Add(Quoted, RejectQuote, New)
            .Add(New, Approve, Approved, NeedsNoQuote)
            .Add([Approved, Rework], Plan, Planned, IsScheduled)
            .Add(InProgress, Plan, Planned, IsScheduled)
            .AddWhen(Planned, Unplan, Approved, order => !OrderProgress.IsRework(order), NothingPlanned)
            .AddWhen(Planned, Unplan, Rework, OrderProgress.IsRework, NothingPlanned)
            .AddWhen(InProgress, Unplan, Rework, OrderProgress.IsRework, NothingPlanned)
            .Add([Approved, Planned, Rework], Start, InProgress, IsStarted)
            .Add([Planned, InProgress], FinishWork, WorkDone, NothingOpen, IsDone)
            .Add(WorkDone, RejectWork, Rework)
            .Add(WorkDone, Complete, Completed, NothingOpen, IsSignedOff)
            .Add(Completed, Invoice, Invoiced)
            .Add([Completed, Invoiced], Close, Closed)
            .Add(Holdable, Hold, OnHold)
            .Add([New, Quoted, Approved, Planned, OnHold], Cancel, Cancelled)
            .Add([InProgress, Rework], Cancel, Cancelled);
        foreach (var status in Holdable)
        {
            table.AddWhen(OnHold, Resume, status, order => order.HeldFrom == status);
        }

        return table;
    }
}
