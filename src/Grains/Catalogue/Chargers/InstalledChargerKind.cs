using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using Npgsql;

namespace ChargeCars.Catalogue.Chargers;

/// <summary>Installed chargers.</summary>
public sealed class InstalledChargerKind : IEntityKind<InstalledCharger, InstalledChargerDetails>
{
    /// <inheritdoc/>
    public static RowMapping<InstalledCharger> Rows { get; } = new("installed_charger");

    /// <summary>By what its plate says. Its notes are colleagues' alone.</summary>
    public static Func<InstalledCharger, SearchText> Findable { get; } = static charger => new(charger.SerialNumber)
    {
        Subtitle = $"{charger.Brand} {charger.Model}".TrimEnd(),
        Codes = [charger.SerialNumber],
    };

    /// <inheritdoc/>
    public static IReadOnlyList<FoundThrough> FoundThrough { get; } = [new("address", "address_id"), new("organization", "owner_organization_id")];

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["serialNumber"] = new("upper(serial_number) = upper($)", Sql.Text, "text"),
            ["brand"] = new("lower(brand) = lower($)", Sql.Text, "text"),
            ["addressId"] = ListFilter.Uuid("address_id"),
            ["productId"] = ListFilter.Uuid("product_id"),
            ["ownerOrganizationId"] = ListFilter.Uuid("owner_organization_id"),
            ["installedByVisitId"] = ListFilter.Uuid("installed_by_visit_id"),
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["isSoldByUs"] = ListFilter.Boolean("is_sold_by_us"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(InstalledChargerDetails details, DateTimeOffset now) => new FieldFaults()
        // A product's name stands for both where it says no more.
        .Text("brand", details.Brand, 1..200)
        .Text("model", details.Model, ..200)
        .Text("serialNumber", details.SerialNumber, 1..100)
        .DayPast("installedOn", details.InstalledOn, now)
        .Date("warrantyUntil", details.WarrantyUntil)
        .DayPast("removedOn", details.RemovedOn, now)
        .NotBefore("warrantyUntil", details.WarrantyUntil, "installedOn", details.InstalledOn)
        .NotBefore("removedOn", details.RemovedOn, "installedOn", details.InstalledOn)
        .Rule("warrantyUntil", details is { WarrantyUntil: not null, InstalledOn: null }, "needs installedOn, as the warranty runs from the installation")
        .Lines("notes", details.Notes, ..5000)
        .Invalid;

    /// <inheritdoc/>
    public static InstalledChargerDetails Normalized(InstalledChargerDetails details) => details with
    {
        Brand = PlainText.Tidy(details.Brand),
        Model = PlainText.TidyOrNull(details.Model),
        SerialNumber = PlainText.Tidy(details.SerialNumber).ToUpperInvariant(),
        Notes = PlainText.TidyLinesOrNull(details.Notes),
    };

    /// <inheritdoc/>
    public static Result<Outcome<InstalledCharger>> Revised(InstalledCharger before, InstalledCharger after, DateTimeOffset now) =>
        after.ReplacedById == after.Id ? Invalid.Field("replacedById", "must be another charger") : Outcome.Of(after, "updated");

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(InstalledCharger state) => new(state.BusinessEntity is { } entity ? WireText.Of(entity) : null, null, null, null);

    /// <inheritdoc/>
    public static object Label(InstalledCharger state) => new { state.Brand, state.SerialNumber };

    /// <summary>
    /// Without notes and owners, which not every viewer may see. A charger that all names serve is told of to viewers of each: where it hangs
    /// they read if they may.
    /// </summary>
    public static object Told(InstalledCharger state) => new
    {
        state.Id, state.Brand, state.Model, state.SerialNumber, state.ProductId, AddressId = state.BusinessEntity is null ? null : state.AddressId,
        InstalledByVisitId = state.BusinessEntity is null ? null : state.InstalledByVisitId, state.InstalledOn, state.WarrantyUntil, state.ReplacedById, state.RemovedOn, state.Version,
    };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, InstalledCharger? state) => violation.ConstraintName == "uq_installed_charger_serial"
        ? new Conflict("serial_taken", $"{state?.Brand} {state?.SerialNumber} is on record already.", "serialNumber")
        : null;
}
