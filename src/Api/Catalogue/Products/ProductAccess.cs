using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Audit;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Catalogue.Products;
using ChargeCars.Platform.Storage;
using ChargeCars.Api.Catalogue;

namespace ChargeCars.Api.Catalogue.Products;

/// <summary>Products. Prices are for who may see them; a partner sees partner prices.</summary>
internal sealed class ProductAccess : IEntityAccess<Product, ProductDetails>
{
    public static string Route => "/api/products";

    public static string Noun => "product";

    public static string Read => Permissions.CatalogueRead;

    public static string Write => Permissions.CatalogueWrite;

    public static bool IsDeletable => false;

    public static ProductDetails Example => new()
    {
        Sku = "ZAP-GO2", Name = "Zaptec Go 2", ProductType = ProductType.ChargePoint, UnitPrice = 695.00m, PartnerPrice = 610.00m, TaxRate = 0.21m,
    };

    public static ScopeCondition? Visible(Caller caller) => caller.PartnerOrganizationId is null ? null : new("is_active", []);

    public static Error? RefuseWriting(Caller caller, ProductDetails details, Product? before) => BusinessEntityScope.RefuseLimited(caller, "Products");

    public static IEnumerable<EntityReference> References(ProductDetails details) => [new("supplierId", "organization", details.SupplierId)];

    public static object Seen(Product state, Caller caller, DateTimeOffset now) =>
        state with { UnitPrice = caller.SeesPrices() ? state.UnitPrice : null, PartnerPrice = caller.SeesPartnerPrices() ? state.PartnerPrice : null };

    public static IEnumerable<AuditMask> Masks =>
    [
        new(ProductKind.Rows.Table, PriceScope.SeesPrices, "unitPrice"),
        new(ProductKind.Rows.Table, PriceScope.SeesPartnerPrices, "partnerPrice"),
    ];
}
