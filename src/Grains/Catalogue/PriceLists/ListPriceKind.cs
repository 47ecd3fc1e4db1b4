using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Catalogue.PriceLists;

/// <summary>List prices.</summary>
public sealed class ListPriceKind : IEntityKind<ListPrice, ListPriceDetails>
{
    /// <inheritdoc/>
    public static RowMapping<ListPrice> Rows { get; } = new("price_list");

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["productId"] = ListFilter.Uuid("product_id"),
            ["partnerOrganizationId"] = ListFilter.Uuid("partner_organization_id"),
            ["validOn"] = new("valid_from <= $ AND (valid_to IS NULL OR valid_to >= $)",
                static text => DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) ? Sql.Date(day) : null, "a date, such as 2026-03-02"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["validFrom"] = new("valid_from", "date") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(ListPriceDetails details, DateTimeOffset now) => new FieldFaults()
        .Required("productId", details.ProductId)
        .Required("validFrom", details.ValidFrom)
        .Date("validFrom", details.ValidFrom)
        .Date("validTo", details.ValidTo)
        .NotBefore("validTo", details.ValidTo, "validFrom", details.ValidFrom)
        .Money("unitPrice", details.UnitPrice)
        .Money("partnerPrice", details.PartnerPrice)
        .Rule("unitPrice", details is { UnitPrice: null, PartnerPrice: null }, "is required where there is no partnerPrice")
        .Invalid;

    /// <inheritdoc/>
    public static ListPriceDetails Normalized(ListPriceDetails details) => details with
    {
        UnitPrice = details.UnitPrice is { } price ? MoneyAmount.Normalized(price) : null,
        PartnerPrice = details.PartnerPrice is { } partnerPrice ? MoneyAmount.Normalized(partnerPrice) : null,
    };

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(ListPrice state) => null;

    /// <inheritdoc/>
    public static object Label(ListPrice state) => new { state.ProductId, state.PartnerOrganizationId, state.ValidFrom };

    /// <summary>Without prices, which not every viewer may see.</summary>
    public static object Told(ListPrice state) => Label(state);

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, ListPrice? state) => violation.ConstraintName == "ex_price_list_overlap"
        ? new Conflict("overlap", "The product has another price for these days and this partner: end that one first (validTo).", "validFrom")
        : null;
}
