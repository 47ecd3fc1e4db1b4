using ChargeCars.Orders;
using ChargeCars.Platform.Storage;
using Npgsql;

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
}
