using ChargeCars.Orders.Deadlines;
using ChargeCars.Orders.Pricing;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform;
using static ChargeCars.Orders.OrderTransitions;

namespace ChargeCars.Orders;

/// <summary>An order's own commands: pure, and total over status × command.</summary>
public static class OrderDecider
{
    /// <summary>Lines of an order, at most.</summary>
    public const int MostLines = 500;

    private static readonly OrderStatus[] Fixed = [OrderStatus.Completed, OrderStatus.Invoiced, OrderStatus.Closed, OrderStatus.Cancelled];

    /// <summary>What a command does to an order, or why it is refused. <paramref name="now"/> is UTC.</summary>
    public static Result<Outcome<Order>> Decide(Order order, EntityCommand<Order> command, DateTimeOffset now) => command switch
    {
        SetLineItem set => WithLines(order, [.. order.LineItems.Where(line => line.Id != set.Line.Id), Placed(order, set.Line)]),
        RemoveLineItem remove => order.LineItems.All(line => line.Id != remove.LineId)
            ? new NotFound("line_item", remove.LineId.ToString())
            : WithLines(order, [.. order.LineItems.Where(line => line.Id != remove.LineId)]),
        ActOnOrder act => Act(order, act, now),
        EndHold when order.OrderStatus == OrderStatus.OnHold => Act(order, new(OrderAction.Resume) { Reason = "its day has come" }, now),
        EndHold => Outcome.Unchanged(order),
        FollowCalendar => WithDeadline(Outcome.Of(order, "deadline_changed")),
        FollowVisit follow => Follow(order, follow.Visit, now),
        FollowVisits => Next(order) is { } next ? Moved(order, next.To, new(next.Action) { Reason = "its visits are that far" }, now) : Outcome.Unchanged(order),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of an order."),
    };

    /// <summary>The order as it is taken in. <paramref name="now"/> is UTC.</summary>
    public static Result<Outcome<Order>> Place(Order made, PlaceOrder place, DateTimeOffset now)
    {
        var order = OrderKind.WithReferences(made with { OrderNumber = place.OrderNumber, OrderStatus = OrderStatus.New }, now);
        var priced = Priced(order, [.. place.LineItems.Select((line, index) => line with { OrderId = order.Id, CreatedAt = now, Position = index + 1 })]);
        return priced.Map(order => Outcome.Of(Clocked(order, order, now), "created") with
        {
            Moved = new(null, WireText.Of(OrderStatus.New)) { IsMilestone = true },
        }).Map(WithDeadline);
    }

    /// <summary>Its actions and what stands in the way of each for who asks; a manager may waive a signature and cancel work that was begun.</summary>
    public static ActionOption[] Options(Order order, bool byManager) =>
    [
        .. Table.Options(byManager ? order with { SignoffWaivedReason = "by a manager" } : order).Select(option =>
            Enum.GetValues<OrderAction>().Single(action => ActionText.Of(action) == option.Action) is var action
                && Table.Has(order.OrderStatus, action) && Unmet(order, action, byManager) is { Count: > 0 } unmet
                ? option with { Allowed = false, Unmet = [.. option.Unmet, .. unmet] }
                : option),
    ];

    /// <summary>What is wrong with an order's lines; null where nothing is. Asked before the order gets a number, which a refusal would waste.</summary>
    public static Error? CheckLines(IReadOnlyList<LineItem> lines) => Totals(lines).Error;

    /// <summary>The order with its deadline's row, where the deadline is another than before.</summary>
    internal static Outcome<Order> WithDeadline(Outcome<Order> outcome) => outcome with { Deadline = new(outcome.After!.SlaDeadline) };

    /// <summary>The order on the clock of its status: started, paused, resumed or stopped.</summary>
    internal static Order Clocked(Order before, Order after, DateTimeOffset now) => OrderDeadlines.Clocked(before, after, now);

    private static LineItem Placed(Order order, LineItem line) => order.LineItems.FirstOrDefault(known => known.Id == line.Id) is { } known
        ? line with { OrderId = order.Id, CreatedAt = known.CreatedAt, Position = known.Position, Status = known.Status }
        : line with { OrderId = order.Id, Position = order.LineItems.Select(other => other.Position).DefaultIfEmpty().Max() + 1 };

    private static Result<Outcome<Order>> WithLines(Order order, IReadOnlyList<LineItem> lines)
    {
        if (Fixed.Contains(order.OrderStatus))
        {
            return new Conflict("order_fixed", $"The order is {WireText.Of(order.OrderStatus)}: its lines stay as they are.");
        }

        return Priced(order, [.. lines.OrderBy(line => line.Position)]).Map(priced => Outcome.Of(priced, "lines_changed").WithParts(order));
    }

    private static Result<OrderTotals> Totals(IReadOnlyList<LineItem> lines) => lines.Count > MostLines
        ? Invalid.Field("lineItems", $"must hold at most {MostLines}")
        : OrderPricing.Totals([.. lines.Select(PricedOf)]);

    /// <summary>The order with some lines, and what they come to.</summary>
    internal static Result<Order> Priced(Order order, IReadOnlyList<LineItem> lines)
    {
        return Totals(lines).Map(totals => order with
        {
            LineItems = [.. lines.Select(line => line with { TotalPrice = PricedOf(line).TotalPrice })],
            NetAmount = totals.NetAmount,
            VatAmount = totals.VatAmount,
            TotalAmount = totals.TotalAmount,
            VatBreakdown = totals.VatBreakdown,
            PartnerTotalAmount = order.PartnerOrganizationId is null ? null : totals.PartnerTotalAmount,
        });
    }

    private static PricedLine PricedOf(LineItem line) => new(line.ItemType ?? LineItemType.Product, line.Quantity, line.UnitPrice ?? 0, line.TaxRate, line.PartnerPrice);

    private static Result<Outcome<Order>> Act(Order order, ActOnOrder act, DateTimeOffset now)
    {
        var to = Table.Decide(order with { SignoffWaivedReason = act.SignoffWaivedReason }, act.Action, [.. Unmet(order, act.Action, act.ByManager)]);
        if (to.Error is TransitionRefused refused)
        {
            return refused with { Allowed = [.. Options(order, act.ByManager).Where(option => option.Allowed).Select(option => option.Action)] };
        }

        return !to.Succeeded ? to.Error : Fault(order, act, now) is { } fault ? fault : Moved(order, to.Value, act, now);
    }

    private static IReadOnlyList<string> Unmet(Order order, OrderAction action, bool byManager) =>
        action == OrderAction.Cancel && order.OrderStatus is OrderStatus.InProgress or OrderStatus.Rework && !byManager
            ? ["work was begun: a manager (orders.waive_signoff) may cancel it"]
            : [];

    private static Invalid? Fault(Order order, ActOnOrder act, DateTimeOffset now)
    {
        var needsReason = act.Action is OrderAction.Hold or OrderAction.Cancel or OrderAction.RejectQuote or OrderAction.RejectWork;
        return new FieldFaults()
            .Lines("reason", act.Reason, (needsReason ? 1 : 0)..500)
            .Text("acceptedByName", act.AcceptedByName, (act.Action == OrderAction.AcceptQuote ? 1 : 0)..200)
            .Rule("acceptedByName", act.AcceptedByName is not null && act.Action != OrderAction.AcceptQuote, "belongs to the action 'accept-quote' only")
            .Rule("resumeDate", act.ResumeDate is not null && act.Action != OrderAction.Hold, "belongs to the action 'hold' only")
            .Rule("resumeDate", act.ResumeDate <= WallClock.DateOf(now), "must be a day to come")
            .Date("resumeDate", act.ResumeDate)
            .Rule("waitingOnCustomer", act.WaitingOnCustomer && act.Action != OrderAction.Hold, "belongs to the action 'hold' only")
            .Lines("signoffWaivedReason", act.SignoffWaivedReason, ..500)
            .Rule("signoffWaivedReason", act.SignoffWaivedReason is not null && act.Action != OrderAction.Complete, "belongs to the action 'complete' only")
            .Invalid;
    }

    private static Outcome<Order> Moved(Order order, OrderStatus to, ActOnOrder act, DateTimeOffset now)
    {
        var after = order with
        {
            OrderStatus = to,
            HeldFrom = to == OrderStatus.OnHold ? order.OrderStatus : null,
            HoldReason = to == OrderStatus.OnHold ? act.Reason : null,
            ResumeDate = to == OrderStatus.OnHold ? act.ResumeDate : null,
            WaitingOnCustomer = to == OrderStatus.OnHold && act.WaitingOnCustomer,
            AcceptedByName = act.AcceptedByName ?? order.AcceptedByName,
            CancelReason = to == OrderStatus.Cancelled ? act.Reason : order.CancelReason,
            SignoffWaivedReason = act.SignoffWaivedReason ?? order.SignoffWaivedReason,
            ActualCompletionDate = to == OrderStatus.Completed ? WallClock.DateOf(now) : order.ActualCompletionDate,
            Visits = act.Action == OrderAction.RejectWork ? [.. order.Visits.Select(visit => visit.Status.IsOpen() ? visit : visit with { IsRejected = true })] : order.Visits,
            LineItems = to == OrderStatus.WorkDone ? [.. order.LineItems.Select(line => line with { Status = "delivered" })] : order.LineItems,
        };
        var holdKey = $"order-hold:{order.Id}";
        return WithDeadline(new(Clocked(order, after, now))
        {
            Moved = new(WireText.Of(order.OrderStatus), WireText.Of(to), act.Reason ?? act.SignoffWaivedReason) { IsMilestone = Table.Milestones.Contains(to) },
            Then =
            [
                .. to == OrderStatus.OnHold && act.ResumeDate is { } day
                    ? [new DueCommand(order.Id, new EndHold()) { At = WallClock.FirstAt(day, new TimeOnly(7, 0)), Key = holdKey }]
                    : Array.Empty<DueCommand>(),
                .. to == OrderStatus.Cancelled
                    ? order.Visits.Where(visit => visit.Status.IsOpen()).Select(visit => Cancelling(visit, act.Reason))
                    : [],
                .. Next(after) is null ? Array.Empty<DueCommand>() : [new DueCommand(order.Id, new FollowVisits())],
            ],
            Withdrawn = order.OrderStatus == OrderStatus.OnHold ? [holdKey] : [],
        }).WithParts(order);
    }

    // Visits have happened whatever the order thinks: what they say is kept, and moves the order only along its arrows.
    private static Outcome<Order> Follow(Order order, OrderVisit visit, DateTimeOffset now)
    {
        var known = order with { Visits = With(order.Visits, visit) };
        if (order.OrderStatus == OrderStatus.Cancelled && visit.Status.IsOpen() && (order.Visits.All(other => other.Id != visit.Id) || IsAtWork(visit)))
        {
            // Made, or begun, while the order was being cancelled, which knew nothing of it yet.
            return Outcome.Of(known, "visits_changed") with { Then = [Cancelling(visit, order.CancelReason)] };
        }

        return Next(known) is { } next
            ? Moved(known, next.To, new(next.Action) { Reason = $"a visit is {WireText.Of(visit.Status)}" }, now)
            : Outcome.Of(known, "visits_changed");
    }

    // The step that its visits wish for, where the table has it now.
    private static (OrderAction Action, OrderStatus To)? Next(Order order)
    {
        foreach (var action in OrderProgress.Wished(order))
        {
            if (Table.Decide(order, action) is { Succeeded: true } to)
            {
                return (action, to.Value);
            }
        }

        return null;
    }

    private static IReadOnlyList<OrderVisit> With(IReadOnlyList<OrderVisit> visits, OrderVisit visit)
    {
        var known = visits.FirstOrDefault(other => other.Id == visit.Id);
        var told = visit with { VisitType = visit.VisitType ?? known?.VisitType, IsRejected = known?.IsRejected ?? false };
        // In the order in which they moved, so that the last that ended is known; a word about anything else leaves its place.
        return known?.Status == visit.Status
            ? [.. visits.Select(other => other.Id == visit.Id ? told : other)]
            : [.. visits.Where(other => other.Id != visit.Id), told];
    }

    private static bool IsAtWork(OrderVisit visit) => visit.Status is VisitStatus.InProgress or VisitStatus.Paused;

    // Work that was begun is not undone: it is left unfinished.
    private static DueCommand Cancelling(OrderVisit visit, string? reason) =>
        new(visit.Id, new ActOnVisit(IsAtWork(visit) ? VisitAction.Fail : VisitAction.Cancel) { Reason = $"the order was cancelled: {reason}" });
}
