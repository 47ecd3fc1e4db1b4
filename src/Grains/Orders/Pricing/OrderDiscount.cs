using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Pricing;

/// <summary>
/// A discount on a whole order as lines: one for each BTW rate, in proportion to what the rate's lines come to, so that it lowers the
/// BTW of each by its share. The shares are whole cents and add up exactly. Pure.
/// </summary>
public static class OrderDiscount
{
    /// <summary>A fraction of the lines, such as 0.1 for a tenth, rounded half up to cents.</summary>
    public static Result<PricedLine[]> OfFraction(IReadOnlyList<PricedLine> lines, decimal fraction) =>
        fraction is > 0 and <= 1
            ? OfAmount(lines, MoneyAmount.Round(lines.Sum(line => line.TotalPrice) * fraction), "discountFraction")
            : Invalid.Field("discountFraction", "must be more than 0 and at most 1");

    /// <summary>An amount, euros without BTW.</summary>
    public static Result<PricedLine[]> OfAmount(IReadOnlyList<PricedLine> lines, decimal amount) =>
        amount > 0 && MoneyAmount.Fits(amount)
            ? OfAmount(lines, amount, "discountAmount")
            : Invalid.Field("discountAmount", $"must be more than 0 and at most {MoneyAmount.Largest}, with at most 2 decimals");

    private static Result<PricedLine[]> OfAmount(IReadOnlyList<PricedLine> lines, decimal amount, string field)
    {
        var rates = OrderPricing.BasesByRate(lines).Where(rate => rate.Base > 0).ToArray();
        var net = rates.Sum(rate => rate.Base);
        if (amount > net)
        {
            return Invalid.Field(field, $"must not exceed the lines, which come to {net}");
        }

        // Largest remainder: every share is rounded down, and the cents that are left go where most was cut off.
        var shares = rates.Select(rate => Math.Floor(amount * 100 * rate.Base / net)).ToArray();
        var left = (int)((amount * 100) - shares.Sum());
        foreach (var index in Enumerable.Range(0, rates.Length).OrderByDescending(index => (amount * 100 * rates[index].Base / net) - shares[index]).Take(left))
        {
            shares[index]++;
        }

        return rates.Zip(shares, (rate, cents) => new PricedLine(LineItemType.Discount, 1, MoneyAmount.Round(-cents / 100), rate.Rate))
            .Where(line => line.UnitPrice != 0)
            .ToArray();
    }
}
