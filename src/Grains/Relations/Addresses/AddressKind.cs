using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Relations.Addresses;

/// <summary>Addresses.</summary>
public sealed class AddressKind : IEntityKind<Address, AddressDetails>
{
    /// <inheritdoc/>
    public static RowMapping<Address> Rows { get; } = new("address");

    /// <inheritdoc/>
    public static Func<Address, SearchText> Findable { get; } = static address => new($"{address.StreetAddress} {address.StreetNumber}".TrimEnd())
    {
        Subtitle = $"{Postcode.Shown(address.PostalCode)} {address.City}",
        Codes = [address.PostalCode, address.PostalCode + address.StreetNumber],
    };

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["entityType"] = ListFilter.Word<AddressOwner>("entity_type"),
            ["entityId"] = ListFilter.Uuid("entity_id"),
            ["addressType"] = ListFilter.Word<AddressType>("address_type"),
            ["postalCode"] = new("postal_code", static text => Sql.Text(Postcode.Normalized(text)), "a postcode"),
            ["streetNumber"] = new("street_number", static text => Sql.Text(HouseNumber.Normalized(text)), "a house number"),
            ["city"] = ListFilter.Text("city"),
            ["isValidated"] = ListFilter.Boolean("is_validated"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["postalCode"] = new("postal_code", "text") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(AddressDetails details, DateTimeOffset now) => Postal(details).Check(new FieldFaults()
            .OneOf("entityType", details.EntityType)
            .Required("entityId", details.EntityId)
            .OneOf("addressType", details.AddressType)
            .Text("stateProvince", details.StateProvince, ..100)
            .Part("coordinates", details.Coordinates, static (faults, place) => faults
                .Number<decimal>("latitude", place.Latitude, -90, 90)
                .Number<decimal>("longitude", place.Longitude, -180, 180)))
        .Invalid;

    /// <inheritdoc/>
    public static AddressDetails Normalized(AddressDetails details)
    {
        var postal = Postal(details).Normalized();
        return details with
        {
            StreetAddress = postal.StreetAddress,
            StreetNumber = postal.StreetNumber,
            PostalCode = postal.PostalCode,
            City = postal.City,
            Country = postal.Country!,
            StateProvince = PlainText.TidyOrNull(details.StateProvince),
        };
    }

    /// <summary>A place that changed is not the one that was validated.</summary>
    public static Result<Outcome<Address>> Revised(Address before, Address after, DateTimeOffset now) => Outcome.Of(
        Postal(before) == Postal(after) ? after : after with
        {
            IsValidated = false,
            ValidationSource = null,
            Coordinates = after.Coordinates == before.Coordinates ? null : after.Coordinates,
        },
        "updated");

    /// <inheritdoc/>
    public static Result<Outcome<Address>> Decide(Address state, EntityCommand<Address> command, DateTimeOffset now) => command switch
    {
        // It was changed since it was looked up: what was found is of another place.
        TakeAddressFinding found when found.Asked != Postal(state) => Outcome.Unchanged(state),
        TakeAddressFinding found => Outcome.Of(state with { IsValidated = true, ValidationSource = found.Source, Coordinates = found.Place, StateProvince = found.Province ?? state.StateProvince }, "validated"),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of an address."),
    };

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(Address state) => null;

    /// <inheritdoc/>
    public static object Label(Address state) => new { state.PostalCode, state.StreetNumber, state.City };

    /// <summary>What a register is asked about.</summary>
    internal static PostalAddress Postal(AddressDetails details) =>
        new(details.StreetAddress, details.StreetNumber, details.PostalCode, details.City, details.Country);
}
