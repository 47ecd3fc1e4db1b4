using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Pricing;

/// <summary>What counts of a line for the totals.</summary>
/// <param name="ItemType">What it is for.</param>
/// <param name="Quantity">How many; 1 to 100,000.</param>
/// <param name="UnitPrice">Euros without BTW; negative for a discount only.</param>
/// <param name="TaxRate">BTW, a fraction such as 0.21.</param>
/// <param name="PartnerPrice">What the partner pays for one, euros without BTW; null where nothing was agreed.</param>
public readonly record struct PricedLine(LineItemType ItemType, int Quantity, decimal UnitPrice, decimal TaxRate, decimal? PartnerPrice = null)
{
    private const int MaxQuantity = 100_000;

    /// <summary>Quantity × unit price in whole cents, half a cent up (away from zero for a discount).</summary>
    public decimal TotalPrice => MoneyAmount.Round(Quantity * UnitPrice);

    /// <summary>
    /// What the partner pays for the line: at the partner price, else at the price for everybody. A discount without a partner
    /// price is the customer's alone.
    /// </summary>
    internal decimal PartnerTotal => PartnerPrice is { } price ? MoneyAmount.Round(Quantity * price)
        : ItemType == LineItemType.Discount ? 0.00m
        : TotalPrice;

    /// <summary>Adds the faults of the fields <c>quantity</c>, <c>unitPrice</c>, <c>taxRate</c> and <c>partnerPrice</c>.</summary>
    public FieldFaults Check(FieldFaults faults)
    {
        var isDiscount = ItemType == LineItemType.Discount;
        var least = isDiscount ? -MoneyAmount.Largest : 0;
        return faults
            .Number("quantity", Quantity, 1, MaxQuantity)
            .Rule("unitPrice", isDiscount && UnitPrice > 0, "must be zero or negative for a discount")
            .Money("unitPrice", UnitPrice, least)
            .Decimal("taxRate", TaxRate, 0, 1, decimals: 4)
            .Rule("partnerPrice", isDiscount && PartnerPrice > 0, "must be zero or negative for a discount")
            .Money("partnerPrice", PartnerPrice, least)
            .Rule("quantity", IsBeyond(UnitPrice) || IsBeyond(PartnerPrice ?? 0), $"makes the line more than {MoneyAmount.Largest}");
    }

    // A price that is itself out of range has its own fault, and might not be multiplied.
    private bool IsBeyond(decimal price) => MoneyAmount.IsInRange(price) && !MoneyAmount.IsInRange(Quantity * price);
}
