using ChargeCars.Platform.Changes;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;

namespace ChargeCars.Relations.PhoneNumbers;

/// <summary>Phone numbers of contacts.</summary>
public sealed class PhoneNumberKind : IEntityKind<ContactPhoneNumber, ContactPhoneNumberDetails>
{
    /// <inheritdoc/>
    public static RowMapping<ContactPhoneNumber> Rows { get; } = new("phone_number");

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["contactId"] = ListFilter.Uuid("contact_id"),
            ["phoneNumber"] = new("phone_number", static text => Sql.Text(PhoneNumberRules.Normalized(text)), "a phone number"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(ContactPhoneNumberDetails details, DateTimeOffset now) => new FieldFaults()
        .Text("phoneNumber", details.PhoneNumber, 1..60)
        .Satisfies("phoneNumber", PlainText.TidyOrNull(details.PhoneNumber), PhoneNumberRules.Fault)
        .Invalid;

    /// <inheritdoc/>
    public static ContactPhoneNumberDetails Normalized(ContactPhoneNumberDetails details) =>
        details with { PhoneNumber = PhoneNumberRules.Normalized(details.PhoneNumber) };

    /// <inheritdoc/>
    public static Result<Outcome<ContactPhoneNumber>> Created(ContactPhoneNumber made, DateTimeOffset now) =>
        Outcome.Of(Described(made), "created") with { Then = [Added(made)] };

    /// <inheritdoc/>
    public static Result<Outcome<ContactPhoneNumber>> Revised(ContactPhoneNumber before, ContactPhoneNumber after, DateTimeOffset now) =>
        Outcome.Of(Described(after), "updated") with { Then = before.PhoneNumber == after.PhoneNumber ? [] : [Added(after)] };

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(ContactPhoneNumber state) => new(null, null, state.ContactId, null);

    /// <inheritdoc/>
    public static object Label(ContactPhoneNumber state) => new { state.PhoneNumber, state.ContactId };

    private static DueCommand Added(ContactPhoneNumber number) => new(number.Id, new PhoneNumberAdded(number.PhoneNumber));

    private static ContactPhoneNumber Described(ContactPhoneNumber number)
    {
        var read = PhoneNumberRules.Read(number.PhoneNumber);
        return number with { CountryName = read.CountryName, CountryCode = read.CountryCode, Timezone = read.Timezone };
    }
}
