using ChargeCars.Orders;

namespace ChargeCars.Api.Orders;

/// <summary>An order as it is answered.</summary>
public sealed record OrderView : Order
{
    /// <summary>The order at a moment.</summary>
    /// <param name="order">What the caller may see of it.</param>
    /// <param name="now">When it is answered, UTC.</param>
    public OrderView(Order order, DateTimeOffset now)
        : base(order) => IsOverdue = order.SlaDeadline < now;

    /// <summary>Whether its deadline was past when it was answered.</summary>
    public bool IsOverdue { get; }
}
