using ChargeCars.Platform.Entities;
using ChargeCars.Relations.Addresses;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Relations.Addresses;

public sealed class PostalAddressTests
{
    [Theory]
    [InlineData("3435RA", true)]
    [InlineData(" 3435 ra ", true)]
    [InlineData("1000AA", true)]
    [InlineData("0999AA", false)]
    [InlineData("3435SA", false)]
    [InlineData("3435SD", false)]
    [InlineData("3435 ss", false)]
    [InlineData("3435SB", true)]
    [InlineData("3435R", false)]
    [InlineData("3435RAA", false)]
    [InlineData("3435RÄ", false)]
    [InlineData("٣٤٣٥RA", false)]
    public void Postcode_HasItsForm(string text, bool good) => Assert.Equal(good, Postcode.Fault(text) is null);

    [Fact]
    public void Postcode_IsKeptWithoutAndShownWithItsSpace()
    {
        Assert.Equal("3435RA", Postcode.Normalized(" 3435 ra "));
        Assert.Equal("3435 RA", Postcode.Shown("3435ra"));
        Assert.Equal("B-1000", Postcode.Shown("B-1000"));
    }

    [Fact]
    public void Normalized_Dutch_HasOneForm() => Assert.Equal(
        new PostalAddress("1e Jan Steenstraat", "14D-1", "3435RA", "Nieuwegein"),
        new PostalAddress(" 1e Jan Steenstraat", "14 d 1", "3435 ra", "Nieuwegein ", "NL").Normalized());

    [Fact]
    public void Normalized_Foreign_KeepsWhatItHas() => Assert.Equal(
        new PostalAddress("Rue Neuve", "5 bte 3", "1000", "Bruxelles", "Belgium"),
        new PostalAddress("Rue Neuve", " 5 bte 3", "1000 ", "Bruxelles", "Belgium").Normalized());

    [Fact]
    public void Check_Faults_AreNamedByField()
    {
        Assert.Equal(["city", "postalCode", "streetAddress", "streetNumber"], Faults(new("", "14 boven", "3435 SA", "\u202EUtrecht")));
        Assert.Equal(["postalCode"], Faults(new("Plein 1944", null, "", "Nijmegen")));
        Assert.Empty(Faults(new("Postbus 12", null, "3435RA", "Nieuwegein", null)));
        Assert.Empty(Faults(new("Plein 1944", "1", "6511 JA", "Nijmegen", "nederland")));
        Assert.Empty(Faults(new("Rue Neuve", "5 bte 3", "1000", "Bruxelles", "België")));
    }

    [Property]
    public bool Fault_OfAnyPostcode_IsAnAnswer(string? text) => Postcode.Fault(text ?? "") is null or { Length: > 0 };

    private static IEnumerable<string> Faults(PostalAddress address) =>
        address.Check(new FieldFaults()).Invalid?.Fields.Keys.Order() ?? Enumerable.Empty<string>();
}
