using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using ChargeCars.Relations.PhoneNumbers;
using Npgsql;

namespace ChargeCars.Telephony.BusinessNumbers;

/// <summary>The company's numbers at the telephony system.</summary>
public sealed class BusinessPhoneNumberKind : IEntityKind<BusinessPhoneNumber, BusinessPhoneNumberDetails>
{
    /// <inheritdoc/>
    public static RowMapping<BusinessPhoneNumber> Rows { get; } = new("business_phone_number");

    /// <inheritdoc/>
    public static Func<BusinessPhoneNumber, SearchText> Findable { get; } = static number => new(number.Name) { Phones = [number.Digits] };

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["aircallId"] = ListFilter.Text("aircall_id"),
            ["digits"] = ListFilter.Text("digits"),
            ["businessEntityId"] = ListFilter.Uuid("business_entity_id"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["name"] = new("name", "text") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(BusinessPhoneNumberDetails details, DateTimeOffset now) => new FieldFaults()
        .Text("aircallId", details.AircallId, 1..60)
        .Text("name", details.Name, 1..100)
        .Text("digits", details.Digits, 1..40)
        .Invalid;

    /// <inheritdoc/>
    public static BusinessPhoneNumberDetails Normalized(BusinessPhoneNumberDetails details) => details with
    {
        AircallId = PlainText.Tidy(details.AircallId),
        Name = PlainText.Tidy(details.Name),
        Digits = PhoneNumberRules.Read(details.Digits).E164 ?? PlainText.Tidy(details.Digits),
    };

    /// <inheritdoc/>
    public static ChangeScope? ScopeOf(BusinessPhoneNumber state) => null;

    /// <inheritdoc/>
    public static object Label(BusinessPhoneNumber state) => new { state.Name, state.Digits };

    /// <inheritdoc/>
    public static Error? Explain(PostgresException violation, BusinessPhoneNumber? state) => violation.ConstraintName == "uq_business_phone_number_aircall_id"
        ? new Conflict("aircall_id_taken", $"Another number has the Aircall id {state?.AircallId}.", "aircallId")
        : null;
}
