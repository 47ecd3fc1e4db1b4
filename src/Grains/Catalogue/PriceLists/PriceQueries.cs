using ChargeCars.Platform.Storage;
using Npgsql;
using NpgsqlTypes;

namespace ChargeCars.Catalogue.PriceLists;

/// <summary>A product as an order's line copies it, with its prices on a day.</summary>
/// <param name="Id">The product.</param>
/// <param name="Sku">Its article number.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsService">Whether it is work.</param>
/// <param name="IsActive">Whether it is sold.</param>
/// <param name="TaxRate">Its rate of BTW.</param>
/// <param name="UnitPrice">Euros without BTW: the list's of that day, else the product's.</param>
/// <param name="PartnerPrice">The same for partners.</param>
public sealed record PricedProduct(Guid Id, string? Sku, string Name, bool IsService, bool IsActive, decimal TaxRate, decimal? UnitPrice, decimal? PartnerPrice);

/// <summary>Looks prices up: a partner's own list before that of all, and that before the product's own price.</summary>
public sealed class PriceQueries(NpgsqlDataSource source)
{
    private const string SelectPriced = """
        SELECT p.id, p.sku, p.name, p.product_type = 'installation_service', p.is_active, p.tax_rate,
            coalesce(l.unit_price, p.unit_price), coalesce(l.partner_price, p.partner_price)
        FROM product p LEFT JOIN LATERAL (
            SELECT unit_price, partner_price FROM price_list
            WHERE product_id = p.id AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
                AND (partner_organization_id IS NULL OR partner_organization_id = $3)
            ORDER BY partner_organization_id NULLS LAST LIMIT 1) l ON true
        WHERE p.id = ANY ($1)
        """;

    /// <summary>The products that there are, by their ids, with their prices on a day of Amsterdam.</summary>
    public async Task<IReadOnlyDictionary<Guid, PricedProduct>> FindAsync(Guid[] products, DateOnly day, Guid? partner, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(SelectPriced);
        command.Parameters.Add(Sql.Array(NpgsqlDbType.Uuid, products));
        command.Parameters.Add(Sql.Date(day));
        command.Parameters.Add(Sql.Uuid(partner));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new Dictionary<Guid, PricedProduct>();
        while (await row.ReadAsync(cancellation))
        {
            found[row.GetGuid(0)] = new(
                row.GetGuid(0), row.Optional<string>(1), row.GetString(2), row.OptionalValue<bool>(3) ?? false, row.GetBoolean(4), row.GetDecimal(5),
                row.OptionalValue<decimal>(6), row.OptionalValue<decimal>(7));
        }

        return found;
    }
}
