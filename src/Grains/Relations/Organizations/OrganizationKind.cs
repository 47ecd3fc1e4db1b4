using ChargeCars.Platform.Changes;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Search;
using ChargeCars.Platform.Storage;
using ChargeCars.Platform.Storage.Rows;
using ChargeCars.Relations.PhoneNumbers;

namespace ChargeCars.Relations.Organizations;

/// <summary>Organizations.</summary>
public sealed class OrganizationKind : IEntityKind<Organization, OrganizationDetails>
{
    /// <inheritdoc/>
    public static RowMapping<Organization> Rows { get; } = new("organization");

    /// <inheritdoc/>
    public static Func<Organization, SearchText> Findable { get; } = static organization => new(organization.Name)
    {
        Also = [organization.Website],
        Codes = [organization.KvkNumber, organization.VatNumber],
        Phones = [organization.Phone],
        Emails = [organization.Email],
        Prose = organization.Name,
    };

    /// <inheritdoc/>
    public static ListDefinition List { get; } = new(
        new Dictionary<string, ListFilter>
        {
            ["name"] = ListFilter.Text("name"),
            ["organizationType"] = ListFilter.Word<OrganizationType>("organization_type"),
            ["businessEntity"] = ListFilter.Word<BusinessEntity>("business_entity"),
            ["kvkNumber"] = ListFilter.Text("kvk_number"),
            ["vatNumber"] = ListFilter.Text("vat_number"),
            ["email"] = ListFilter.Text("email"),
        },
        new Dictionary<string, ListSort> { ["createdAt"] = new("created_at", "timestamptz"), ["name"] = new("name", "text") },
        "createdAt");

    /// <inheritdoc/>
    public static Invalid? Check(OrganizationDetails details, DateTimeOffset now) => new FieldFaults()
        .Text("name", details.Name, 1..200)
        .OneOf("organizationType", details.OrganizationType)
        .Satisfies("kvkNumber", PlainText.TidyOrNull(details.KvkNumber), KvkNumber.Fault)
        .Satisfies("vatNumber", PlainText.TidyOrNull(details.VatNumber), VatNumber.Fault)
        .Satisfies("website", PlainText.TidyOrNull(details.Website), WebsiteAddress.Fault)
        .Satisfies("phone", PlainText.TidyOrNull(details.Phone), PhoneNumberRules.Fault)
        .Satisfies("email", PlainText.TidyOrNull(details.Email), EmailAddress.Fault)
        .Invalid;

    /// <inheritdoc/>
    public static OrganizationDetails Normalized(OrganizationDetails details) => details with
    {
        Name = PlainText.Tidy(details.Name),
        KvkNumber = PlainText.TidyOrNull(details.KvkNumber) is { } kvk ? Organizations.KvkNumber.Normalized(kvk) : null,
        VatNumber = PlainText.TidyOrNull(details.VatNumber) is { } vat ? Organizations.VatNumber.Normalized(vat) : null,
        Website = PlainText.TidyOrNull(details.Website) is { } website ? WebsiteAddress.Normalized(website) : null,
        Phone = PlainText.TidyOrNull(details.Phone) is { } phone ? PhoneNumberRules.Normalized(phone) : null,
        Email = PlainText.TidyOrNull(details.Email) is { } email ? EmailAddress.Normalized(email) : null,
    };

    /// <inheritdoc/>
    public static ChangeScope ScopeOf(Organization state) => new(state.BusinessEntity is { } entity ? WireText.Of(entity) : null, null, null, null);

    /// <inheritdoc/>
    public static object Label(Organization state) => new { state.Name };
}
