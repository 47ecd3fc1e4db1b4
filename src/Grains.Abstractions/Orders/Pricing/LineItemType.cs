using System.Text.Json.Serialization;

namespace ChargeCars.Orders.Pricing;

/// <summary>What a line is for (<c>line_item.item_type</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<LineItemType>))]
public enum LineItemType
{
    /// <summary>Goods.</summary>
    Product,

    /// <summary>Work.</summary>
    Service,

    /// <summary>An amount off: its unit price is zero or negative, and it lowers the base of its BTW rate.</summary>
    Discount,

    /// <summary>A levy that is passed on. BTW is not a line: it follows from the lines.</summary>
    Tax,
}
