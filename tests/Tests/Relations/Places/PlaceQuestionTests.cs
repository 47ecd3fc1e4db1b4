using ChargeCars.Relations.Places;

namespace ChargeCars.Tests.Relations.Places;

/// <summary>What somebody typed is read as a postcode and a number, or as a street, a number and a town.</summary>
public sealed class PlaceQuestionTests
{
    [Theory]
    [InlineData("1211 LX 12", "1211LX", 12, "12")]
    [InlineData("1211lx12a", null, null, null)]
    [InlineData("1211lx 12a", "1211LX", 12, "12A")]
    [InlineData("12 1211LX", "1211LX", 12, "12")]
    [InlineData("1211 SA", null, null, null)]
    public void Postcode_IsReadWithItsNumber(string text, string? code, int? number, string? house)
    {
        var asked = PlaceQuestion.Of(text);

        Assert.Equal(code, asked.PostalCode);
        if (code is not null)
        {
            Assert.Equal((number, house), (asked.Number, asked.HouseNumber));
            Assert.Empty(asked.Readings);
        }
    }

    [Theory]
    [InlineData("Neuweg 12 Hilversum", 12, "neuweghilversum/ neuweg/hilversum")]
    [InlineData("neuweg hilversum", null, "neuweghilversum/ neuweg/hilversum")]
    [InlineData("1e Jan Steenstraat 14b", 14, "1ejansteenstraat/ 1ejan/steenstraat 1e/jansteenstraat")]
    [InlineData("Plein 1944", 1944, "plein/")]
    [InlineData("'s-Gravelandseweg", null, "sgravelandseweg/")]
    [InlineData("Prins Willem-Alexanderlaan", null, "prinswillemalexanderlaan/ prins/willemalexanderlaan")]
    [InlineData("Curaçaostraat", null, "curacaostraat/")]
    public void Words_AreAStreetAndATown_InEveryWayThatTheyMayBe(string text, int? number, string readings)
    {
        var asked = PlaceQuestion.Of(text);

        Assert.Equal(number, asked.Number);
        Assert.Equal(readings, string.Join(' ', asked.Readings.Select(reading => $"{reading.Street}/{reading.Town}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("%%%")]
    [InlineData("12")]
    public void Nothing_ThatCanBeLookedFor_HasNoReading(string text) =>
        Assert.DoesNotContain(PlaceQuestion.Of(text).Readings, reading => reading.Street.Length == 0);
}
