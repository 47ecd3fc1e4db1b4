using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders;

internal sealed class OrderGrain(EntityStore<Order, OrderKind> store, TimeProvider time) : StandardGrain<Order, OrderDetails, OrderKind>(store, time)
{
    // An order is made with its number and lines, or not at all.
    protected override Result<Outcome<Order>> Decide(Order? state, EntityCommand<Order> command, DateTimeOffset now) => (state, command) switch
    {
        (null, PlaceOrder place) => base.Decide(null, new Create<Order, OrderDetails>(place.Details), now) is { Succeeded: true } made
            ? OrderDecider.Place(made.Value.After!, place, now)
            : base.Decide(null, new Create<Order, OrderDetails>(place.Details), now),
        ({ } order, PlaceOrder) => new Conflict("exists", $"The order {order.Id} exists already."),
        _ => base.Decide(state, command, now),
    };
}
