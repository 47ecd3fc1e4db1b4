using ChargeCars.Platform.Entities;

namespace ChargeCars.Relations.Addresses;

/// <summary>An address as somebody wrote it, in the schema's fields.</summary>
/// <param name="StreetAddress">The street, without the number: <c>Plein 1944</c>, <c>1e Jan Steenstraat</c>. Required.</param>
/// <param name="StreetNumber">The house number; null for a postal box.</param>
/// <param name="PostalCode">Required.</param>
/// <param name="City">Required.</param>
/// <param name="Country">Its name; Netherlands where none is given.</param>
[GenerateSerializer, Immutable, Alias("postal-address")]
public sealed record PostalAddress(string StreetAddress, string? StreetNumber, string PostalCode, string City, string? Country = PostalAddress.Netherlands)
{
    /// <summary>How the schema writes the country whose rules are known here.</summary>
    public const string Netherlands = "Netherlands";

    private static readonly HashSet<string> NamesOfTheNetherlands =
        new(StringComparer.OrdinalIgnoreCase) { Netherlands, "The Netherlands", "Nederland", "Holland", "NL", "NLD" };

    /// <summary>Whether the Dutch rules for postcode and house number hold.</summary>
    public bool IsDutch => PlainText.IsBlank(Country) || NamesOfTheNetherlands.Contains(PlainText.Tidy(Country!));

    /// <summary>As it is kept: a Dutch postcode and house number in their one form, the rest tidied.</summary>
    public PostalAddress Normalized()
    {
        var (street, city, number) = (PlainText.Tidy(StreetAddress), PlainText.Tidy(City), PlainText.TidyOrNull(StreetNumber));
        return IsDutch
            ? new(street, number is null ? null : HouseNumber.Normalized(number), Postcode.Normalized(PostalCode), city)
            : new(street, number, PlainText.Tidy(PostalCode), city, PlainText.Tidy(Country!));
    }

    /// <summary>Adds the faults of the fields <c>streetAddress</c>, <c>streetNumber</c>, <c>postalCode</c>, <c>city</c> and <c>country</c>.</summary>
    public FieldFaults Check(FieldFaults faults)
    {
        faults.Text("streetAddress", StreetAddress, 1..200).Text("city", City, 1..100).Text("country", Country, ..100)
            .Text("streetNumber", StreetNumber, ..20).Text("postalCode", PostalCode, 1..20);
        return IsDutch
            ? faults.Satisfies("streetNumber", PlainText.TidyOrNull(StreetNumber), HouseNumber.Fault).Satisfies("postalCode", PostalCode, Postcode.Fault)
            : faults;
    }
}
