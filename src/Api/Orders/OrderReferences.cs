using ChargeCars.Orders;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Api.Orders;

/// <summary>Whether the rows that an order names belong together: another customer's address or contact is a slip of the hand.</summary>
internal sealed class OrderReferences(NpgsqlDataSource source)
{
    private const string SelectFit = """
        SELECT
            (SELECT c.organization_id IS NULL OR c.organization_id = $1 FROM contact c WHERE c.id = $2),
            (SELECT CASE a.entity_type
                WHEN 'organization' THEN a.entity_id = $1
                WHEN 'contact' THEN EXISTS (SELECT FROM contact c WHERE c.id = a.entity_id AND (c.organization_id = $1 OR c.id = $2))
                ELSE true END
             FROM address a WHERE a.id = $3)
        """;

    private const string SelectVisitFit = """
        SELECT
            (SELECT CASE a.entity_type
                WHEN 'organization' THEN a.entity_id = o.customer_organization_id
                WHEN 'contact' THEN EXISTS (SELECT FROM contact c WHERE c.id = a.entity_id AND (c.organization_id = o.customer_organization_id OR c.id = o.primary_contact_id))
                ELSE true END OR coalesce(a.id = o.installation_address_id, false)
             FROM address a WHERE a.id = $2),
            (SELECT v.order_id = o.id FROM visit v WHERE v.id = $3)
        FROM "order" o WHERE o.id = $1
        """;

    private const string SelectTaken = """
        SELECT EXISTS (SELECT FROM order_partner_reference r JOIN unnest($3, $4) asked (name, value) ON r.name = asked.name AND r.value = asked.value
            WHERE r.partner_organization_id = $1 AND r.order_id <> $2)
        """;

    /// <summary>What does not belong to the customer, by its field; null where all of it does.</summary>
    public async Task<Invalid?> CheckAsync(OrderDetails details, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectFit);
        command.Parameters.Add(Sql.Uuid(details.CustomerOrganizationId));
        command.Parameters.Add(Sql.Uuid(details.PrimaryContactId));
        command.Parameters.Add(Sql.Uuid(details.InstallationAddressId));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var faults = new Dictionary<string, string[]>();
        if (row.OptionalValue<bool>(0) is false)
        {
            faults["primaryContactId"] = ["is a contact of another organization than the customer"];
        }

        if (row.OptionalValue<bool>(1) is false)
        {
            faults["installationAddressId"] = ["is an address of another customer"];
        }

        return faults.Count == 0 ? null : new Invalid(faults);
    }

    /// <summary>What of a visit does not belong to its order, by its field; null where all of it does.</summary>
    public async Task<Invalid?> CheckAsync(VisitDetails details, Guid order, CancellationToken cancellation)
    {
        if (details is { AddressId: null, FollowUpOfVisitId: null })
        {
            return null;
        }

        await using var command = source.CreateCommand(SelectVisitFit);
        command.Parameters.Add(Sql.Uuid(order));
        command.Parameters.Add(Sql.Uuid(details.AddressId));
        command.Parameters.Add(Sql.Uuid(details.FollowUpOfVisitId));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new FieldFaults()
            .Rule("addressId", row.OptionalValue<bool>(0) is false, "is an address of another customer")
            .Rule("followUpOfVisitId", row.OptionalValue<bool>(1) is false, "is a visit of another order")
            .Invalid;
    }

    /// <summary>The refusal of a partner's reference that another order has; null where all are free.</summary>
    /// <param name="details">The order's.</param>
    /// <param name="order">The order itself, which may have them.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<Conflict?> CheckPartnersAsync(OrderDetails details, Guid order, CancellationToken cancellation)
    {
        if (details is not { PartnerOrganizationId: { } partner, PartnerExternalReferences: { Count: > 0 } references })
        {
            return null;
        }

        await using var command = source.CreateCommand(SelectTaken);
        command.Parameters.Add(Sql.Uuid(partner));
        command.Parameters.Add(Sql.Uuid(order));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, references.Keys.ToArray()));
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, references.Values.ToArray()));
        return await command.ExecuteScalarAsync(cancellation) is true ? OrderKind.ReferenceTaken : null;
    }
}
