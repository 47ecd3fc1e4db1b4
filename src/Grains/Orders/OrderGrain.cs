using ChargeCars.Orders.Deadlines;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders;

internal sealed class OrderGrain(EntityStore<Order, OrderKind> store, BusinessCalendars calendars, TimeProvider time)
    : StandardGrain<Order, OrderDetails, OrderKind>(store, time)
{
    // A deadline that is decided is decided by the calendar of the order's business entity.
    protected override Result<Outcome<Order>> Decide(Order? state, EntityCommand<Order> command, DateTimeOffset now) => Made(state, command, now).Map(outcome =>
    {
        if (outcome is not { Deadline: not null, After: { } after })
        {
            return outcome;
        }

        var dated = OrderDeadlines.Dated(after, calendars.Of(after.BusinessEntity));
        return outcome with { After = dated, Deadline = new(dated.SlaDeadline) };
    });

    // An order is made with its number and lines, or not at all.
    private Result<Outcome<Order>> Made(Order? state, EntityCommand<Order> command, DateTimeOffset now) => (state, command) switch
    {
        (null, PlaceOrder place) => base.Decide(null, new Create<Order, OrderDetails>(place.Details), now) is { Succeeded: true } made
            ? OrderDecider.Place(made.Value.After!, place, now)
            : base.Decide(null, new Create<Order, OrderDetails>(place.Details), now),
        ({ } order, PlaceOrder) => new Conflict("exists", $"The order {order.Id} exists already."),
        _ => base.Decide(state, command, now),
    };
}
