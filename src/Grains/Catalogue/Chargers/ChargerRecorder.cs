using ChargeCars.Catalogue.Stock;
using ChargeCars.Platform;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ChargeCars.Catalogue.Chargers;

/// <summary>
/// Keeps the record of chargers that visits put up and took down: address, owner and name are the order's, the warranty runs from the day of
/// the movement. A charger that was on record already, such as one that hung elsewhere, is moved and not recorded twice; the record of another
/// product is not changed: the refusal stands among the due commands, for a person to see.
/// </summary>
internal sealed class ChargerRecorder(IGrainFactory grains, NpgsqlDataSource source, IOptions<StockOptions> options) : IDueCommandHandler<RecordCharger>
{
    // Where a product says no maker, its name stands for one: the number must be unique within something. A charger that was recorded before
    // the product's brand was changed is known by the product.
    private const string SelectFacts = """
        SELECT coalesce(p.brand, p.name), p.name, p.warranty_months, v.address_id, o.installation_address_id, o.customer_organization_id, o.primary_contact_id, o.business_entity,
            (SELECT c.id FROM installed_charger c
             WHERE upper(c.serial_number) = upper($3) AND (c.product_id = p.id OR lower(c.brand) = p.maker)
             ORDER BY c.product_id IS NOT DISTINCT FROM p.id DESC LIMIT 1)
        FROM product p CROSS JOIN visit v JOIN "order" o ON o.id = v.order_id
        WHERE p.id = $1 AND v.id = $2
        """;

    public async Task<Error?> CarryOutAsync(Guid targetId, RecordCharger command, CommandContext context, CancellationToken cancellation)
    {
        if (await FactsAsync(command, cancellation) is not { } facts)
        {
            return new NotFound("visit", command.VisitId.ToString());
        }

        var grain = grains.GetGrain<IEntityGrain<InstalledCharger>>(facts.Known ?? targetId);
        var known = facts.Known is null ? null : (await grain.GetAsync()).Value;
        var day = WallClock.DateOf(command.At);
        if (!command.Hangs)
        {
            return known is null or { RemovedOn: not null } || known.InstalledByVisitId != command.VisitId || IsAnother(known, command)
                ? null
                : (await grain.ExecuteAsync(new Revise<InstalledCharger, InstalledChargerDetails>(Of(known) with { RemovedOn = day }), context)).Error;
        }

        if (known is not null && IsAnother(known, command))
        {
            return new Conflict("serial_installed", $"{known.Brand} {known.SerialNumber} is on record as another product: GET /api/products/{known.ProductId} says which.");
        }

        var details = (known is null ? new() { Brand = facts.Brand, SerialNumber = command.SerialNumber } : Of(known)) with
        {
            // Of a charger that is known to be of this product, somebody may have said more about its model.
            Model = known?.ProductId is null ? facts.Model : known.Model, BusinessEntity = facts.BusinessEntity, AddressId = facts.Address, OwnerOrganizationId = facts.Owner, OwnerContactId = facts.Contact, ProductId = command.ProductId,
            InstalledByVisitId = command.VisitId, InstalledOn = day, WarrantyUntil = day.AddMonths(facts.WarrantyMonths ?? options.Value.WarrantyMonths), RemovedOn = null,
            IsSoldByUs = true,
        };
        return known is null
            ? (await grain.ExecuteAsync(new Create<InstalledCharger, InstalledChargerDetails>(details), context)).Error
            : (await grain.ExecuteAsync(new Revise<InstalledCharger, InstalledChargerDetails>(details), context)).Error;
    }

    private static bool IsAnother(InstalledCharger known, RecordCharger command) => known.ProductId is { } product && product != command.ProductId;

    private static InstalledChargerDetails Of(InstalledCharger known) => new()
    {
        BusinessEntity = known.BusinessEntity, Brand = known.Brand, Model = known.Model, SerialNumber = known.SerialNumber, ProductId = known.ProductId, AddressId = known.AddressId,
        OwnerOrganizationId = known.OwnerOrganizationId, OwnerContactId = known.OwnerContactId, InstalledByVisitId = known.InstalledByVisitId, InstalledOn = known.InstalledOn,
        WarrantyUntil = known.WarrantyUntil, ReplacedById = known.ReplacedById, RemovedOn = known.RemovedOn, IsSoldByUs = known.IsSoldByUs, Notes = known.Notes,
    };

    private async Task<Facts?> FactsAsync(RecordCharger command, CancellationToken cancellation)
    {
        await using var select = source.CreateCommand(SelectFacts);
        select.Parameters.Add(Sql.Uuid(command.ProductId));
        select.Parameters.Add(Sql.Uuid(command.VisitId));
        select.Parameters.Add(Sql.Text(command.SerialNumber));
        await using var row = await select.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new(
                row.GetString(0), row.GetString(1), row.OptionalValue<int>(2), row.OptionalValue<Guid>(3) ?? row.OptionalValue<Guid>(4), row.OptionalValue<Guid>(5),
                row.OptionalValue<Guid>(6), WireText.Parse<BusinessEntity>(row.GetString(7)), row.OptionalValue<Guid>(8))
            : null;
    }

    private sealed record Facts(
        string Brand, string Model, int? WarrantyMonths, Guid? Address, Guid? Owner, Guid? Contact, BusinessEntity BusinessEntity, Guid? Known);
}
