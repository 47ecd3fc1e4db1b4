namespace ChargeCars.Orders.Pricing;

/// <summary>What the lines of an order, quote or invoice come to. Euros, two decimals.</summary>
/// <param name="NetAmount">The sum of the lines, without BTW.</param>
/// <param name="VatAmount">The BTW of all rates.</param>
/// <param name="TotalAmount">Net and BTW.</param>
/// <param name="VatBreakdown">BTW by rate, the highest rate first; a rate is named once.</param>
/// <param name="PartnerTotalAmount">The sum at partner prices, without BTW; null where no line has one.</param>
[GenerateSerializer, Immutable, Alias("order-totals")]
public sealed record OrderTotals(
    [property: Id(0)] decimal NetAmount,
    [property: Id(1)] decimal VatAmount,
    [property: Id(2)] decimal TotalAmount,
    [property: Id(3)] IReadOnlyList<VatLine> VatBreakdown,
    [property: Id(4)] decimal? PartnerTotalAmount)
{
    /// <summary>Two are equal by their amounts.</summary>
    public bool Equals(OrderTotals? other) => other is not null && NetAmount == other.NetAmount && VatAmount == other.VatAmount
        && TotalAmount == other.TotalAmount && PartnerTotalAmount == other.PartnerTotalAmount && VatBreakdown.SequenceEqual(other.VatBreakdown);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(NetAmount, VatAmount, TotalAmount, PartnerTotalAmount);
}

/// <summary>The BTW of one rate.</summary>
/// <param name="Rate">A fraction, such as 0.21.</param>
/// <param name="Base">The sum of the lines at that rate, euros without BTW; never negative.</param>
/// <param name="Vat">The base times the rate, rounded half up to cents.</param>
[GenerateSerializer, Immutable, Alias("vat-line")]
public sealed record VatLine([property: Id(0)] decimal Rate, [property: Id(1)] decimal Base, [property: Id(2)] decimal Vat);
