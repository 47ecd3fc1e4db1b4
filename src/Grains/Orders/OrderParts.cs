using ChargeCars.Catalogue.Stock;
using ChargeCars.Orders.Pricing;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders;

/// <summary>
/// What an order obliges the stock to: from its approval until its work is done the parts of its lines are kept for it. Each word carries the
/// order's version, so that the stock hears the latest, in whatever order they come.
/// </summary>
internal static class OrderParts
{
    private static readonly OrderStatus[] Kept = [OrderStatus.Approved, OrderStatus.Planned, OrderStatus.InProgress];

    /// <summary>The outcome with what follows from it for the stock.</summary>
    public static Outcome<Order> WithParts(this Outcome<Order> outcome, Order before)
    {
        var after = outcome.After!;
        var lines = before.LineItems.Concat(after.LineItems).Where(line => line.ProductId is not null).Select(line => (line.Id, Product: line.ProductId!.Value)).Distinct();
        var words = lines.Select(line => (line.Id, line.Product, Was: Needed(before, line.Id, line.Product), Is: Needed(after, line.Id, line.Product)))
            .Where(line => line.Was != line.Is)
            .Select(line => new DueCommand(line.Id, new NeedStock(line.Product, line.Id, after.Id, line.Is, before.Version + 1) { BusinessEntity = after.BusinessEntity }));
        // What somebody had kept for it by hand goes with it, and what was kept between the work and its completion goes then.
        var isOver = before.OrderStatus != after.OrderStatus && after.OrderStatus is OrderStatus.Cancelled or OrderStatus.WorkDone or OrderStatus.Completed;
        return outcome with { Then = [.. outcome.Then, .. words, .. isOver ? [new DueCommand(after.Id, new ReleaseOwned(after.Id))] : Array.Empty<DueCommand>()] };
    }

    private static int Needed(Order order, Guid line, Guid product) =>
        Kept.Contains(order.OrderStatus == OrderStatus.OnHold ? order.HeldFrom ?? OrderStatus.New : order.OrderStatus)
        && order.LineItems.FirstOrDefault(one => one.Id == line) is { ItemType: null or LineItemType.Product, Status: not "delivered" } known && known.ProductId == product
            ? known.Quantity
            : 0;
}
