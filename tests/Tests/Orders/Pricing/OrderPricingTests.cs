using ChargeCars.Orders.Pricing;
using ChargeCars.Platform.Entities;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Orders.Pricing;

public sealed class OrderPricingTests
{
    [Fact]
    public void Totals_BtwIsRoundedOverTheSumOfARate()
    {
        // Three times 0.21 × 0.07 = 0.0147 would be 0.03 rounded by line; of the sum 0.21 it is 0.04.
        var totals = Totals(Product(1, 0.07m), Product(1, 0.07m), Product(1, 0.07m));

        Assert.Equal(new OrderTotals(0.21m, 0.04m, 0.25m, [new(0.21m, 0.21m, 0.04m)], null), totals);
    }

    [Fact]
    public void Totals_SeveralRates_AreBrokenDownHighestFirst() => Assert.Equal(
        new OrderTotals(1_320.00m, 264.60m, 1_584.60m, [new(0.21m, 1_220m, 256.20m), new(0.09m, 93.33m, 8.40m), new(0m, 6.67m, 0m)], null),
        Totals(Product(1, 93.33m, 0.09m), Product(2, 610m), Product(1, 6.67m, 0.00m)));

    [Theory]
    [InlineData("2.38", "0.50")] // 0.4998
    [InlineData("0.50", "0.11")] // 0.105: half a cent goes up
    [InlineData("2.50", "0.53")] // 0.525
    public void Totals_HalfACent_GoesUp(string price, string vat) => Assert.Equal(Euros(vat), Totals(Product(1, Euros(price))).VatAmount);

    [Fact]
    public void Totals_Discount_LowersTheBaseOfItsRate() => Assert.Equal(
        new OrderTotals(90m, 18.90m, 108.90m, [new(0.21m, 90m, 18.90m)], null),
        Totals(Product(1, 100m), Discount(-10m)));

    [Fact]
    public void Totals_DiscountBeyondItsRate_IsRefused()
    {
        var fault = Fault("lineItems", Product(1, 100m), Discount(-10m, 0.09m));

        Assert.Equal("have discounts at 9% BTW that exceed the lines at that rate by 10.00", fault);
    }

    [Fact]
    public void Totals_PartnerPrices_FallBackToThePriceForEverybody()
    {
        Assert.Null(Totals(Product(3, 100m)).PartnerTotalAmount);
        // A discount is the customer's, unless it has a partner price of its own.
        Assert.Equal(290m, Totals(Product(3, 100m) with { PartnerPrice = 80m }, Product(1, 50m), Discount(-20m)).PartnerTotalAmount);
        Assert.Equal(235m, Totals(Product(3, 100m) with { PartnerPrice = 80m }, Discount(-20m) with { PartnerPrice = -5m }).PartnerTotalAmount);
    }

    [Fact]
    public void Totals_AreWrittenWithCents()
    {
        var totals = Totals(Product(2, 5m));

        Assert.Equal("10.00 2.10 12.10", FormattableString.Invariant($"{totals.NetAmount} {totals.VatAmount} {totals.TotalAmount}"));
        Assert.Equal("0.00", FormattableString.Invariant($"{Totals().TotalAmount}"));
    }

    [Theory]
    [InlineData(0, "1", "0.21", "lineItems[0].quantity")]
    [InlineData(-1, "1", "0.21", "lineItems[0].quantity")]
    [InlineData(100_001, "1", "0.21", "lineItems[0].quantity")]
    [InlineData(2, "60000000", "0.21", "lineItems[0].quantity")]
    [InlineData(1, "1.001", "0.21", "lineItems[0].unitPrice")]
    [InlineData(1, "-1", "0.21", "lineItems[0].unitPrice")]
    [InlineData(1, "100000000", "0.21", "lineItems[0].unitPrice")]
    [InlineData(1, "1", "-0.01", "lineItems[0].taxRate")]
    [InlineData(1, "1", "1.01", "lineItems[0].taxRate")]
    [InlineData(1, "1", "0.21001", "lineItems[0].taxRate")]
    public void Totals_FaultInALine_IsNamed(int quantity, string price, string rate, string field) =>
        Assert.NotNull(Fault(field, new PricedLine(LineItemType.Product, quantity, Euros(price), Euros(rate))));

    [Fact]
    public void Totals_PositiveDiscount_IsRefused() => Assert.NotNull(Fault("lineItems[1].unitPrice", Product(1, 100m), Discount(10m)));

    [Fact]
    public void Totals_BeyondTheColumn_IsRefused()
    {
        // Net fits, with BTW it does not.
        Assert.Equal("come to more than 99999999.99 with BTW", Fault("lineItems", Product(1, 90_000_000m)));
        Assert.Equal("come to more than 99999999.99 with BTW", Fault("lineItems", Product(1, 60_000_000m, 0m), Product(1, 60_000_000m, 0m)));
        Assert.Equal(
            "come to more than 99999999.99 at partner prices",
            Fault("lineItems", Product(1, 1m) with { PartnerPrice = 99_999_999.99m }, Product(1, 1m)));
    }

    [Property]
    public bool Totals_EqualTheSumsOfTheLinesPerRate(int seed)
    {
        var lines = Lines(seed);
        var totals = Totals(lines);
        return totals.NetAmount == lines.Sum(line => line.TotalPrice)
            && totals.TotalAmount == totals.NetAmount + totals.VatAmount
            && totals.VatAmount == totals.VatBreakdown.Sum(rate => rate.Vat)
            && totals.VatBreakdown.Select(rate => rate.Rate).SequenceEqual(lines.Select(line => line.TaxRate).Distinct().OrderDescending())
            && totals.VatBreakdown.All(rate => rate.Base == lines.Where(line => line.TaxRate == rate.Rate).Sum(line => line.TotalPrice)
                && Math.Abs(rate.Vat - (rate.Base * rate.Rate)) <= 0.005m && MoneyAmount.Fits(rate.Vat));
    }

    [Property]
    public bool Totals_AreTheSameInAnyOrder(int seed)
    {
        var lines = Lines(seed);
        var shuffled = lines.ToArray();
        new Random(seed).Shuffle(shuffled);
        return Totals(lines).Equals(Totals(shuffled));
    }

    [Property]
    public bool Totals_OfAnyNumbers_FitTheColumnsOrAreRefused(int seed)
    {
        var random = new Random(seed);
        decimal Any() => random.Next(4) switch
        {
            0 => new decimal(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29)),
            1 => decimal.MaxValue,
            _ => random.Next(-100, 10_000_000) / 100m,
        };
        var lines = Enumerable.Range(0, random.Next(6))
            .Select(_ => new PricedLine(
                (LineItemType)random.Next(4), random.Next(4) == 0 ? int.MaxValue : random.Next(100), Any(), random.Next(3) / 10m, Any()))
            .ToArray();
        return OrderPricing.Totals(lines) is not { Succeeded: true, Value: var totals }
            || new[] { totals.NetAmount, totals.VatAmount, totals.TotalAmount, totals.PartnerTotalAmount ?? 0 }.All(MoneyAmount.Fits);
    }

    [Property]
    public bool Discount_OfAnAmount_AddsUpAndLowersEveryRateByItsShare(int seed)
    {
        var lines = Lines(seed);
        var net = lines.Sum(line => line.TotalPrice);
        var amount = MoneyAmount.Round(net * new Random(seed).Next(1, 101) / 100);
        if (amount == 0)
        {
            return true;
        }

        var discount = OrderDiscount.OfAmount(lines, amount).Value!;
        return discount.Sum(line => line.TotalPrice) == -amount
            && Totals([.. lines, .. discount]).NetAmount == net - amount
            && discount.All(line => Math.Abs(-line.UnitPrice - (amount * BaseOf(line.TaxRate) / net)) < 0.01m);

        decimal BaseOf(decimal rate) => lines.Where(line => line.TaxRate == rate).Sum(line => line.TotalPrice);
    }

    [Fact]
    public void Discount_OfAFraction_IsRoundedOnce()
    {
        var discount = OrderDiscount.OfFraction([Product(1, 0.05m), Product(1, 0.05m, 0.09m), Product(1, 0.05m, 0m)], 0.5m).Value!;

        // 0.075 rounds to 0.08: the odd cents go to the highest rates.
        Assert.Equal([(0.21m, -0.03m), (0.09m, -0.03m), (0m, -0.02m)], discount.Select(line => (line.TaxRate, line.UnitPrice)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.001")]
    [InlineData("100.01")]
    public void Discount_OutOfBounds_IsRefused(string amount)
    {
        var refusal = Assert.IsType<Invalid>(OrderDiscount.OfAmount([Product(1, 100m)], Euros(amount)).Error);

        Assert.Equal(["discountAmount"], refusal.Fields.Keys);
    }

    private static PricedLine[] Lines(int seed)
    {
        var random = new Random(seed);
        decimal[] rates = [0.21m, 0.09m, 0m, 0.065m];
        var lines = Enumerable.Range(0, random.Next(1, 40))
            .Select(_ => new PricedLine(LineItemType.Product, random.Next(1, 20), random.Next(1, 100_000) / 100m, rates[random.Next(rates.Length)]))
            .ToList();
        var first = lines[0];
        return [.. lines, new PricedLine(LineItemType.Discount, 1, -MoneyAmount.Round(first.TotalPrice / 3), first.TaxRate)];
    }

    private static PricedLine Product(int quantity, decimal price, decimal rate = 0.21m) => new(LineItemType.Product, quantity, price, rate);

    private static PricedLine Discount(decimal amount, decimal rate = 0.21m) => new(LineItemType.Discount, 1, amount, rate);

    private static decimal Euros(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static OrderTotals Totals(params PricedLine[] lines) =>
        OrderPricing.Totals(lines) is { Succeeded: true, Value: var totals } ? totals : throw new InvalidOperationException("refused");

    private static string Fault(string field, params PricedLine[] lines) =>
        Assert.Single(Assert.IsType<Invalid>(OrderPricing.Totals(lines).Error).Fields[field]);
}
