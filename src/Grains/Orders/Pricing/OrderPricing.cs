using System.Globalization;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Pricing;

/// <summary>What lines come to. BTW is rounded once per rate, over the sum of its lines, never per line. Pure.</summary>
public static class OrderPricing
{
    /// <summary>
    /// The totals; refused where a line is at fault (<c>lineItems[2].quantity</c>), where the discounts of a rate exceed its lines, or
    /// where a total does not fit the schema's <c>numeric(10,2)</c> (both <c>lineItems</c>).
    /// </summary>
    public static Result<OrderTotals> Totals(IReadOnlyList<PricedLine> lines)
    {
        var faults = new FieldFaults();
        for (var i = 0; i < lines.Count; i++)
        {
            lines[i].Check(faults.Within(string.Create(CultureInfo.InvariantCulture, $"lineItems[{i}]")));
        }

        if (faults.Invalid is { } invalid)
        {
            return invalid;
        }

        VatLine[] breakdown = [.. BasesByRate(lines).Select(rate => new VatLine(rate.Rate, rate.Base, MoneyAmount.Round(rate.Base * rate.Rate)))];
        var (net, vat) = (breakdown.Sum(rate => rate.Base) + 0.00m, breakdown.Sum(rate => rate.Vat) + 0.00m);
        decimal? partnerTotal = lines.Any(line => line.PartnerPrice is not null) ? lines.Sum(line => line.PartnerTotal) + 0.00m : null;
        foreach (var rate in breakdown.Where(rate => rate.Base < 0))
        {
            faults.Fault("lineItems", string.Create(
                CultureInfo.InvariantCulture, $"have discounts at {rate.Rate:0.##%} BTW that exceed the lines at that rate by {-rate.Base}"));
        }

        return faults
            .Rule("lineItems", !MoneyAmount.IsInRange(net + vat), $"come to more than {MoneyAmount.Largest} with BTW")
            .Rule("lineItems", !MoneyAmount.IsInRange(partnerTotal ?? 0), $"come to more than {MoneyAmount.Largest} at partner prices")
            .Rule("lineItems", partnerTotal < 0, "have discounts that exceed the lines at partner prices")
            .Invalid is { } beyond ? beyond : new OrderTotals(net, vat, net + vat, breakdown, partnerTotal);
    }

    /// <summary>The sum of the lines by their rate, the highest rate first.</summary>
    internal static IEnumerable<(decimal Rate, decimal Base)> BasesByRate(IEnumerable<PricedLine> lines) => lines
        .GroupBy(line => line.TaxRate, (rate, ofRate) => (Rate: rate, Base: ofRate.Sum(line => line.TotalPrice)))
        .OrderByDescending(rate => rate.Rate);
}
