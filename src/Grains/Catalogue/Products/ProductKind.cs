using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Catalogue.Products;

/// <summary>Products.</summary>
public sealed class ProductKind : IEntityKind<Product, ProductDetails>
{
    /// <inheritdoc/>
    public static RowMapping<Product> Rows { get; } = new("product");

    /// <summary>What the database makes of brand and name, so that a number is one piece of a maker's.</summary>
    public static IReadOnlyList<string> ColumnsOfOthers => ["maker"];

    /// <inheritdoc/>
    public static Func<Product, SearchText> Findable { get; } = static product => new(product.Name)
    {
        Subtitle = product.Category,
        Codes = [product.Sku],
        Prose = $"{product.Name} {product.Description}",
    };

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["sku"] = ListFilter.Text("sku"),
            ["name"] = ListFilter.Text("name"),
            ["category"] = ListFilter.Text("category"),
            ["brand"] = ListFilter.Text("brand"),
            ["productType"] = ListFilter.Word<ProductType>("product_type"),
            ["isActive"] = ListFilter.Boolean("is_active"),
            ["supplierId"] = ListFilter.Uuid("supplier_id"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["name"] = new("name", "text") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(ProductDetails details, DateTimeOffset now) => new FieldFaults()
        .Text("sku", details.Sku, ..60)
        .Text("name", details.Name, 1..200)
        .Lines("description", details.Description, ..5000)
        .Text("category", details.Category, ..100)
        .Text("brand", details.Brand, ..60)
        .Number("warrantyMonths", details.WarrantyMonths, 0, 240)
        .Money("unitPrice", details.UnitPrice)
        .Money("partnerPrice", details.PartnerPrice)
        .Decimal("taxRate", details.TaxRate, 0, 1, decimals: 4)
        .Invalid;

    /// <inheritdoc/>
    public static ProductDetails Normalized(ProductDetails details) => details with
    {
        Sku = PlainText.TidyOrNull(details.Sku),
        Name = PlainText.Tidy(details.Name),
        Description = PlainText.TidyLinesOrNull(details.Description),
        Category = PlainText.TidyOrNull(details.Category),
        Brand = PlainText.TidyOrNull(details.Brand),
        UnitPrice = details.UnitPrice is { } price ? MoneyAmount.Normalized(price) : null,
        PartnerPrice = details.PartnerPrice is { } partnerPrice ? MoneyAmount.Normalized(partnerPrice) : null,
    };

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(Product state) => null;

    /// <inheritdoc/>
    public static object Label(Product state) => new { state.Sku, state.Name };

    /// <summary>Without prices, which not every viewer may see.</summary>
    public static object Told(Product state) => new { state.Id, state.Sku, state.Name, state.ProductType, state.IsActive, state.Version };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, Product? state) => violation.ConstraintName switch
    {
        "uq_stock_serial_maker" => new Conflict("serial_in_stock", "A piece of this product has a number that another product of this maker has too.", "brand"),
        "uq_product_sku" => new Conflict("sku_taken", $"Another product has the sku {state?.Sku}.", "sku"),
        _ when violation.SqlState == PostgresErrorCodes.ForeignKeyViolation && state is null =>
            new Conflict("in_use", $"The product was used ({violation.TableName}): set isActive to false instead."),
        _ => null,
    };
}
