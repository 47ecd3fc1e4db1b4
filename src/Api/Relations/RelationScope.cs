using ChargeCars.Api.Identity;
using ChargeCars.Api.Orders;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Api.Relations;

/// <summary>
/// Which organizations, contacts and addresses a caller sees: those of their business entities and of all; a partner the own
/// organization and the customers of own orders; who sees only own work, the customers of that work.
/// </summary>
internal static class RelationScope
{
    /// <summary>A condition on the columns of <c>organization</c>; null where all are seen.</summary>
    public static string? Organizations(ScopeText text, Caller caller, string table = "") => OrderScope.Or(OrganizationAlternatives(text, caller, table));

    /// <summary>The same in parts, of which one must hold.</summary>
    public static IReadOnlyList<string>? OrganizationAlternatives(ScopeText text, Caller caller, string table = "")
    {
        var entities = text.OfBusinessEntities(caller, orNone: true, $"{table}business_entity");
        if (!IsOfOwnWork(caller))
        {
            return entities is null ? null : [entities];
        }

        var own = OrderScope.OrderAlternatives(text, caller, "bought.")!
            .Select(orders => $"""{table}id IN (SELECT bought.customer_organization_id FROM "order" bought WHERE {orders})""");
        if (caller.PartnerOrganizationId is { } partner)
        {
            own = own.Prepend($"{table}id = {text.Of(Sql.Uuid(partner))}");
        }

        return [.. own.Select(part => entities is null ? part : $"({entities}) AND {part}")];
    }

    /// <summary>A condition on the columns of <c>contact</c>; null where all are seen.</summary>
    public static string? Contacts(ScopeText text, Caller caller, string table = "") => OrderScope.Or(ContactAlternatives(text, caller, table));

    /// <summary>The same in parts, of which one must hold.</summary>
    public static IReadOnlyList<string>? ContactAlternatives(ScopeText text, Caller caller, string table = "")
    {
        if (OrganizationAlternatives(text, caller, "known.") is not { } organizations)
        {
            return null;
        }

        var members = organizations.Select(known => $"{table}organization_id IN (SELECT known.id FROM organization known WHERE {known})");
        // Colleagues belong to no organization: who is limited to business entities sees them, partners don't.
        return !IsOfOwnWork(caller) ? [.. members, $"{table}organization_id IS NULL"]
            : caller.Actor.ContactId is { } contact ? [.. members, $"{table}id = {text.Of(Sql.Uuid(contact))}"]
            : [.. members];
    }

    /// <summary>A condition on the columns of <c>address</c>; null where all are seen.</summary>
    public static string? Addresses(ScopeText text, Caller caller, string table = "") => OrderScope.Or(AddressAlternatives(text, caller, table));

    /// <summary>The same in parts, of which one must hold.</summary>
    public static IReadOnlyList<string>? AddressAlternatives(ScopeText text, Caller caller, string table = "") =>
        OrganizationAlternatives(text, caller, "owner.") is not { } organizations ? null :
        [
            .. organizations.Select(owner => $"{table}entity_type = 'organization' AND {table}entity_id IN (SELECT owner.id FROM organization owner WHERE {owner})"),
            .. ContactAlternatives(text, caller, "person.")!
                .Select(person => $"{table}entity_type = 'contact' AND {table}entity_id IN (SELECT person.id FROM contact person WHERE {person})"),
            .. OrderScope.OrderAlternatives(text, caller, "sold.")!
                .Select(sold => $"""{table}entity_type = 'order' AND {table}entity_id IN (SELECT sold.id FROM "order" sold WHERE {sold})"""),
            .. OrderScope.VisitAlternatives(text, caller, "planned.")!
                .Select(planned => $"{table}entity_type = 'visit' AND {table}entity_id IN (SELECT planned.id FROM visit planned WHERE {planned})"),
            .. OrderScope.OrderAlternatives(text, caller, "placed.")!
                .Select(placed => $"""{table}id IN (SELECT placed.installation_address_id FROM "order" placed WHERE {placed})"""),
        ];

    private static bool IsOfOwnWork(Caller caller) => caller is not { PartnerOrganizationId: null, Vehicles: null };
}
