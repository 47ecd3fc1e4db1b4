using ChargeCars.Silo.Places;

namespace ChargeCars.Tests.Relations.Places;

/// <summary>The documented file of the register is read line by line; what is no address is left out, and told.</summary>
public sealed class PlaceFileTests
{
    [Theory]
    [InlineData("street,number,postcode,town,lat,lon\nNeuweg,12,1211 LX,Hilversum,52.2210,5.1750\n")]
    [InlineData("id;Lat;Lon;Street;Number;Town;Postcode\r\n1;52,2210;5,1750;Neuweg;12;Hilversum;1211lx\r\n")]
    public void File_InAnyOrderOfColumns_IsRead(string text)
    {
        var file = new PlaceFile();

        var row = Assert.Single(file.Read(new StringReader(text)));

        Assert.Equal(("Neuweg", "12", "1211LX", "Hilversum", 52.221, 5.175), (row.Street, row.HouseNumber, row.PostalCode, row.Town, row.Latitude, row.Longitude));
        Assert.Equal(0, file.LeftOut);
    }

    [Fact]
    public void Line_ThatIsNoAddress_IsLeftOutAndTold()
    {
        var file = new PlaceFile();
        const string Text = """
            street,number,postcode,town,lat,lon
            ,12,1211LX,Hilversum,52.2,5.1
            Neuweg,none,1211LX,Hilversum,52.2,5.1
            Neuweg,12,12LX,Hilversum,52.2,5.1
            Neuweg,12,1211LX,Hilversum,5.1,52.2
            Neuweg,12,1211LX,Hilversum,x,5.1
            Neuweg,12
            Neuweg,14,1211LX,Hilversum,52.2,5.1
            """;

        Assert.Equal("14", Assert.Single(file.Read(new StringReader(Text))).HouseNumber);
        Assert.Equal((6, 5), (file.LeftOut, file.Faults.Count));
        Assert.StartsWith("line 2: street", file.Faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void File_WithoutAColumn_IsRefusedByItsName() => Assert.Contains(
        "'lon'", Assert.Throws<FormatException>(() => new PlaceFile().Read(new StringReader("street,number,postcode,town,lat\n")).ToList()).Message, StringComparison.Ordinal);

    [Fact]
    public void File_ThatIsEmpty_IsRefused() => Assert.ThrowsAny<Exception>(() => new PlaceFile().Read(new StringReader("")).ToList());
}
