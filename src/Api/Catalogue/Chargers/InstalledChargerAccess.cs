using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Relations;
using ChargeCars.Catalogue.Chargers;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api.Catalogue.Chargers;

/// <summary>
/// Installed chargers: those of the caller's business entities, and of those that all serve the ones whose address, owners and visit the caller
/// sees; a partner, and who sees only own work, those at addresses of that work.
/// </summary>
internal sealed class InstalledChargerAccess : IEntityAccess<InstalledCharger, InstalledChargerDetails>
{
    public static string Route => "/api/installed-chargers";

    public static string Noun => "installed charger";

    public static string Read => Permissions.ChargersRead;

    public static string Write => Permissions.ChargersWrite;

    public static InstalledChargerDetails Example => new()
    {
        BusinessEntity = BusinessEntity.Chargecars, Brand = "Zaptec", Model = "Go 2", SerialNumber = "ZAP123456", AddressId = Guid.Parse("0199a000-0000-7000-8000-000000000003"),
        InstalledOn = new DateOnly(2025, 12, 15), WarrantyUntil = new DateOnly(2030, 12, 15),
    };

    public static ScopeCondition? Visible(Caller caller)
    {
        var text = new ScopeText();
        return text.All(
            text.OfBusinessEntities(caller, orNone: true),
            caller.BusinessEntities is null ? null : $"business_entity IS NOT NULL OR ({OfAll(text, caller)})",
            caller is { PartnerOrganizationId: null, Vehicles: null } ? null
                : $"address_id IN (SELECT place.id FROM address place WHERE {RelationScope.Addresses(text, caller, "place.")})");
    }

    // A charger that all names serve belongs to a customer of one of them.
    private static string OfAll(ScopeText text, Caller caller)
    {
        var parts = new (string Column, string Table, string Alias, string? Seen)[]
        {
            ("address_id", "address", "place", RelationScope.Addresses(text, caller, "place.")),
            ("owner_organization_id", "organization", "owner", RelationScope.Organizations(text, caller, "owner.")),
            ("owner_contact_id", "contact", "person", RelationScope.Contacts(text, caller, "person.")),
            ("installed_by_visit_id", "visit", "made", OrderScope.Visits(text, caller, "made.")),
        };
        return string.Join(" AND ", parts.Where(part => part.Seen is not null)
            .Select(part => $"({part.Column} IS NULL OR {part.Column} IN (SELECT {part.Alias}.id FROM {part.Table} {part.Alias} WHERE {part.Seen}))"));
    }

    public static Error? RefuseWriting(Caller caller, InstalledChargerDetails details, InstalledCharger? before) =>
        caller.PartnerOrganizationId is not null
            ? new Forbidden("Credentials of a partner can't change installed chargers.")
            : BusinessEntityScope.Refuse(caller, details.BusinessEntity) ?? (before is null ? null : BusinessEntityScope.Refuse(caller, before.BusinessEntity));

    public static IEnumerable<EntityReference> References(InstalledChargerDetails details) =>
    [
        new("productId", "product", details.ProductId), new("addressId", "address", details.AddressId),
        new("ownerOrganizationId", "organization", details.OwnerOrganizationId), new("ownerContactId", "contact", details.OwnerContactId),
        new("installedByVisitId", "visit", details.InstalledByVisitId), new("replacedById", "installed_charger", details.ReplacedById),
    ];

    public static object Seen(InstalledCharger state, Caller caller, DateTimeOffset now) => Masked(state, caller);

    /// <summary>Notes are colleagues'.</summary>
    public static InstalledCharger Masked(InstalledCharger state, Caller caller) => caller.PartnerOrganizationId is null ? state : state with { Notes = null };

    public static void MapMore(RouteGroupBuilder group) => AddressChargers.Map(group);
}
