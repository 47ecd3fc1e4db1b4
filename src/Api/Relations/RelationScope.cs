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
    public static string? Organizations(ScopeText text, Caller caller, string table = "")
    {
        var entities = text.OfBusinessEntities(caller, orNone: true, $"{table}business_entity");
        if (caller is { PartnerOrganizationId: null, Vehicles: null })
        {
            return entities;
        }

        var orders = OrderScope.OrderIds(text, caller)!;
        var customers = $"""{table}id IN (SELECT bought.customer_organization_id FROM "order" bought WHERE bought.id IN ({orders}))""";
        var own = caller.PartnerOrganizationId is { } partner ? $"{table}id = {text.Of(Sql.Uuid(partner))} OR {customers}" : customers;
        return entities is null ? own : $"({entities}) AND ({own})";
    }

    /// <summary>A condition on the columns of <c>contact</c>; null where all are seen.</summary>
    public static string? Contacts(ScopeText text, Caller caller, string table = "")
    {
        if (Organizations(text, caller, "known.") is not { } organizations)
        {
            return null;
        }

        var members = $"{table}organization_id IN (SELECT known.id FROM organization known WHERE {organizations})";
        var self = caller.Actor.ContactId is { } contact ? $" OR {table}id = {text.Of(Sql.Uuid(contact))}" : "";
        // Colleagues belong to no organization: who is limited to business entities sees them, partners don't.
        return caller is { PartnerOrganizationId: null, Vehicles: null } ? $"{members} OR {table}organization_id IS NULL" : members + self;
    }

    /// <summary>A condition on the columns of <c>address</c>; null where all are seen.</summary>
    public static string? Addresses(ScopeText text, Caller caller, string table = "")
    {
        if (Organizations(text, caller, "owner.") is not { } organizations)
        {
            return null;
        }

        var (contacts, orders, visits) = (Contacts(text, caller, "person.")!, OrderScope.Orders(text, caller, "sold.")!, OrderScope.Visits(text, caller, "planned.")!);
        return $"""
            CASE {table}entity_type
                WHEN 'organization' THEN {table}entity_id IN (SELECT owner.id FROM organization owner WHERE {organizations})
                WHEN 'contact' THEN {table}entity_id IN (SELECT person.id FROM contact person WHERE {contacts})
                WHEN 'order' THEN {table}entity_id IN (SELECT sold.id FROM "order" sold WHERE {orders})
                WHEN 'visit' THEN {table}entity_id IN (SELECT planned.id FROM visit planned WHERE {visits})
                ELSE false
            END OR {table}id IN (SELECT placed.installation_address_id FROM "order" placed WHERE {OrderScope.Orders(text, caller, "placed.")})
            """;
    }
}
