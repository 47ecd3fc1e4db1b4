using ChargeCars.Orders.Pricing;

namespace ChargeCars.Orders;

/// <summary>What an editor may set of a line.</summary>
[GenerateSerializer, Immutable, Alias("line_item-details")]
public record LineItemDetails
{
    /// <summary>The product; null for a line of one's own words.</summary>
    [Id(0)] public Guid? ProductId { get; init; }

    /// <summary>How many; required, whole and above zero.</summary>
    [Id(1)] public int? Quantity { get; init; }

    /// <summary>Price of one in euros without BTW; the product's on the order's date where it is left out.</summary>
    [Id(2)] public decimal? UnitPrice { get; init; }

    /// <summary>What the partner pays for one; the product's where it is left out and the order is a partner's.</summary>
    [Id(3)] public decimal? PartnerPrice { get; init; }

    /// <summary>The rate of BTW; the product's where it is left out, else 0.21.</summary>
    [Id(4)] public decimal? TaxRate { get; init; }

    /// <summary>What it is; the product's name where it is left out.</summary>
    [Id(5)] public string? Description { get; init; }

    /// <summary>What it is for; by the product where it is left out.</summary>
    [Id(6)] public LineItemType? ItemType { get; init; }
}

/// <summary>
/// A line of an order. Number, name, rate and prices were copied when it was made, and a later change of quantity re-prices nothing.
/// A row of <c>line_item</c>; a part of its order.
/// </summary>
[GenerateSerializer, Immutable, Alias("line_item")]
public sealed record LineItem : IEntityPart
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>The version of the order that it was changed with.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The order.</summary>
    [Id(4)] public Guid OrderId { get; init; }

    /// <summary>The product; null for a line of one's own words.</summary>
    [Id(5)] public Guid? ProductId { get; init; }

    /// <summary>The product's article number then.</summary>
    [Id(6)] public string? Sku { get; init; }

    /// <summary>How many.</summary>
    [Id(7)] public int Quantity { get; init; }

    /// <summary>Price of one in euros without BTW; null for who may not see prices.</summary>
    [Id(8)] public decimal? UnitPrice { get; init; }

    /// <summary>Quantity × unit price, half a cent up; null for who may not see prices.</summary>
    [Id(9)] public decimal? TotalPrice { get; init; }

    /// <summary>What the partner pays for one.</summary>
    [Id(10)] public decimal? PartnerPrice { get; init; }

    /// <summary>The rate of BTW.</summary>
    [Id(11)] public decimal TaxRate { get; init; }

    /// <summary>What it is.</summary>
    [Id(12)] public string? Description { get; init; }

    /// <summary>What it is for.</summary>
    [Id(13)] public LineItemType? ItemType { get; init; }

    /// <summary>How far it is: <c>pending</c> until the work is done, then <c>delivered</c>.</summary>
    [Id(14)] public string Status { get; init; } = "pending";

    /// <summary>Its place among the lines, from 1.</summary>
    [Id(15)] public int Position { get; init; }
}
