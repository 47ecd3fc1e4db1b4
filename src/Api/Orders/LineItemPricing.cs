using System.Globalization;
using ChargeCars.Api.Catalogue;
using ChargeCars.Api.Identity;
using ChargeCars.Catalogue.PriceLists;
using ChargeCars.Orders;
using ChargeCars.Orders.Pricing;
using ChargeCars.Platform;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Api.Orders;

/// <summary>Makes lines of what an editor gives: name, number, rate and prices are looked up once, on the order's day, and kept.</summary>
internal sealed class LineItemPricing(PriceQueries prices)
{
    /// <summary>New lines; every fault is named as <c>lineItems[2].productId</c>.</summary>
    /// <param name="given">What an editor gives.</param>
    /// <param name="order">The order, from whose id those of its first lines follow.</param>
    /// <param name="partner">The order's partner, whose prices count.</param>
    /// <param name="now">When, UTC; the prices of that day in Amsterdam count.</param>
    /// <param name="caller">Who asks: prices may be set by who may see them.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<Result<LineItem[]>> PriceAsync(
        IReadOnlyList<LineItemDetails> given, Guid order, Guid? partner, DateTimeOffset now, Caller caller, CancellationToken cancellation)
    {
        if (given.Count > OrderDecider.MostLines)
        {
            return Invalid.Field("lineItems", $"must hold at most {OrderDecider.MostLines}");
        }

        var products = await prices.FindAsync(
            [.. given.Where(line => line?.ProductId is not null).Select(line => line.ProductId!.Value).Distinct()], WallClock.DateOf(now), partner, cancellation);
        var faults = new FieldFaults();
        var lines = given.Select((line, index) => One(
            line, NameBasedId.Of(string.Create(CultureInfo.InvariantCulture, $"{order}/line/{index}")), null, products, partner, caller,
            faults.Within(string.Create(CultureInfo.InvariantCulture, $"lineItems[{index}]")), now)).ToArray();
        return faults.Invalid is { } invalid ? invalid : lines;
    }

    /// <summary>One line, new or in the place of <paramref name="before"/>, whose copied values stay where nothing else is said.</summary>
    public async Task<Result<LineItem>> PriceAsync(
        LineItemDetails given, Guid id, LineItem? before, Guid? partner, DateTimeOffset now, Caller caller, CancellationToken cancellation)
    {
        var products = given.ProductId is { } product
            ? await prices.FindAsync([product], WallClock.DateOf(now), partner, cancellation)
            : new Dictionary<Guid, PricedProduct>();
        var faults = new FieldFaults();
        var line = One(given, id, before, products, partner, caller, faults, now);
        return faults.Invalid is { } invalid ? invalid : line;
    }

    private static LineItem One(
        LineItemDetails? given, Guid id, LineItem? before, IReadOnlyDictionary<Guid, PricedProduct> products, Guid? partner, Caller caller, FieldFaults faults,
        DateTimeOffset now)
    {
        if (given is null)
        {
            faults.Fault("quantity", "is required");
            return new();
        }

        var product = given.ProductId is { } key ? products.GetValueOrDefault(key) : null;
        // The same product as before: what was copied then still holds.
        var kept = before is not null && before.ProductId == given.ProductId ? before : null;
        var unitPrice = given.UnitPrice ?? kept?.UnitPrice ?? product?.UnitPrice;
        faults
            .Rule("productId", given.ProductId is not null && product is null, $"there is no product {given.ProductId}")
            .Rule("productId", kept is null && product is { IsActive: false }, "is not sold any more")
            .Required("quantity", given.Quantity as object)
            .Rule("unitPrice", unitPrice is null, "is required: the product has no price on this day")
            .Rule("unitPrice", given.UnitPrice is not null && given.UnitPrice != kept?.UnitPrice && !caller.SeesPrices(), "may be set by who may see prices only")
            .Rule("partnerPrice", given.PartnerPrice is not null && given.PartnerPrice != kept?.PartnerPrice && !(caller.SeesPrices() && caller.SeesPartnerPrices()), "may be set by who may see prices only")
            .Text("description", given.Description, ..1000)
            .Rule("description", given.ProductId is null && PlainText.IsBlank(given.Description), "is required for a line without a product");
        return new()
        {
            Id = id,
            CreatedAt = before?.CreatedAt ?? now,
            ProductId = given.ProductId,
            Sku = kept?.Sku ?? product?.Sku,
            Quantity = given.Quantity ?? 0,
            UnitPrice = unitPrice,
            PartnerPrice = given.PartnerPrice ?? kept?.PartnerPrice ?? (partner is null ? null : product?.PartnerPrice),
            TaxRate = given.TaxRate ?? kept?.TaxRate ?? product?.TaxRate ?? 0.21m,
            Description = PlainText.TidyOrNull(given.Description) ?? kept?.Description ?? product?.Name,
            ItemType = given.ItemType ?? kept?.ItemType ?? (product?.IsService == true ? LineItemType.Service : LineItemType.Product),
        };
    }
}
