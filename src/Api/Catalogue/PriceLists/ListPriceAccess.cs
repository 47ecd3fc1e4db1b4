using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Catalogue.PriceLists;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Catalogue.PriceLists;

/// <summary>Dated prices, of partners and of all. A partner sees own ones.</summary>
internal sealed class ListPriceAccess : IEntityAccess<ListPrice, ListPriceDetails>
{
    public static string Route => "/api/price-lists";

    public static string Noun => "list price";

    public static string Read => Permissions.PricesRead;

    public static string Write => Permissions.CatalogueWrite;

    public static ListPriceDetails Example => new()
    {
        ProductId = Guid.Parse("0199a000-0000-7000-8000-000000000001"), ValidFrom = new DateOnly(2026, 1, 1), ValidTo = new DateOnly(2026, 12, 31), UnitPrice = 649.00m,
    };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(caller.PartnerOrganizationId is { } partner ? $"partner_organization_id = {text.Of(Sql.Uuid(partner))}" : null);
    }

    public static Error? RefuseWriting(Caller caller, ListPriceDetails details, ListPrice? before) => BusinessEntityScope.RefuseLimited(caller, "Prices");

    public static IEnumerable<EntityReference> References(ListPriceDetails details) =>
        [new("productId", "product", details.ProductId), new("partnerOrganizationId", "organization", details.PartnerOrganizationId)];
}
