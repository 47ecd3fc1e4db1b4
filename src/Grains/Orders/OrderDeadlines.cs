using ChargeCars.Orders.Deadlines;

namespace ChargeCars.Orders;

/// <summary>
/// The deadline of the step that an order is in, in business minutes by priority (facts/orders.md, SLA clock): it runs from status to
/// status, stands still while the customer is waited for, and stops when the work is signed off or cancelled. Pure.
/// </summary>
internal static class OrderDeadlines
{
    private const int WorkingDay = 9 * 60;

    /// <summary>The order with its clock and deadline after a change.</summary>
    public static Order Clocked(Order before, Order after, DateTimeOffset now)
    {
        var clock = after.OrderStatus switch
        {
            OrderStatus.New when before.Sla is null => SlaTiming.Start(now, TargetOf(after)),
            OrderStatus.Quoted => before.Sla?.Pause(now),
            OrderStatus.OnHold => after.WaitingOnCustomer ? before.Sla?.Pause(now) : before.Sla,
            OrderStatus.Approved when before.OrderStatus is OrderStatus.New or OrderStatus.Quoted => SlaTiming.Start(now, TargetOf(after)),
            OrderStatus.Rework when before.OrderStatus == OrderStatus.WorkDone => SlaTiming.Start(now, TargetOf(after)),
            OrderStatus.Completed or OrderStatus.Invoiced or OrderStatus.Closed or OrderStatus.Cancelled => before.Sla?.Stop(now),
            _ => before.Sla?.Resume(now),
        };
        if (clock is { StoppedAt: null } && before.PriorityLevel != after.PriorityLevel)
        {
            clock = clock.Retarget(TargetOf(after));
        }

        return Dated(after with { Sla = clock }, BusinessCalendar.Usual);
    }

    /// <summary>The order with the deadline that its clock has by a calendar; its grain knows the business entity's.</summary>
    public static Order Dated(Order order, BusinessCalendar calendar) =>
        order with { SlaDeadline = order.Sla is { StoppedAt: null } clock ? clock.Deadline(calendar) : null };

    // Intake in a day; from approval to sign-off in two weeks, half of that for high and two days for urgent.
    private static int TargetOf(Order order) => (order.OrderStatus == OrderStatus.OnHold ? order.HeldFrom : order.OrderStatus) is OrderStatus.New or OrderStatus.Quoted
        ? order.PriorityLevel == PriorityLevel.Urgent ? 120 : WorkingDay
        : order.PriorityLevel switch
        {
            PriorityLevel.Urgent => 2 * WorkingDay,
            PriorityLevel.High => 5 * WorkingDay,
            PriorityLevel.Normal => 10 * WorkingDay,
            _ => 20 * WorkingDay,
        };
}
