using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders;

/// <summary>
/// How far an order is by its visits, and the step that follows from it. What was rejected stays on record and counts no more: the rework
/// begins anew. Pure.
/// </summary>
internal static class OrderProgress
{
    /// <summary>Whether a visit has a time and is still to be ended.</summary>
    public static bool IsScheduled(Order order) => order.Visits.Any(visit => visit.Status.IsOpen() && visit.Status != VisitStatus.Draft);

    /// <summary>Whether work was begun that nobody rejected.</summary>
    public static bool IsStarted(Order order) => order.Visits.Any(visit =>
        !visit.IsRejected && visit.Status is VisitStatus.InProgress or VisitStatus.Paused or VisitStatus.Completed or VisitStatus.Incomplete);

    /// <summary>Whether every visit has ended.</summary>
    public static bool HasNothingOpen(Order order) => !order.Visits.Any(visit => visit.Status.IsOpen());

    /// <summary>Whether the last visit that went out to do the work did it; one that was called off went nowhere.</summary>
    public static bool IsDone(Order order) => order.Visits.LastOrDefault(visit =>
        IsWork(order, visit) && visit.Status is VisitStatus.Completed or VisitStatus.Incomplete or VisitStatus.NoShow) is { Status: VisitStatus.Completed, IsRejected: false };

    /// <summary>Whether the customer signed for the work as it is now, or a manager waived it.</summary>
    public static bool IsSignedOff(Order order) => !PlainText.IsBlank(order.SignoffWaivedReason)
        || order.Visits.Any(visit => visit is { Status: VisitStatus.Completed, IsSigned: true, IsRejected: false } && IsWork(order, visit));

    /// <summary>Whether work was rejected.</summary>
    public static bool IsRework(Order order) => order.Visits.Any(visit => visit.IsRejected);

    /// <summary>
    /// The steps that the visits wish for, the first that the table allows to be taken: whatever happened while the order was on hold or
    /// not yet approved is caught up with one step after the other.
    /// </summary>
    public static OrderAction[] Wished(Order order) =>
        order.Visits.Any(visit => visit.Status is VisitStatus.InProgress or VisitStatus.Paused) ? [OrderAction.Start]
            : IsDone(order) && HasNothingOpen(order) ? [OrderAction.FinishWork, OrderAction.Start]
            : !IsScheduled(order) ? [OrderAction.Unplan]
            : order.OrderStatus == OrderStatus.InProgress ? []
            : [OrderAction.Plan];

    // On a service order to look is the work.
    private static bool IsWork(Order order, OrderVisit visit) => visit.VisitType != VisitType.Survey || order.OrderType == OrderType.Service;
}
