using ChargeCars.Relations.Addresses;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Relations.Addresses;

public sealed class HouseNumberTests
{
    [Theory]
    [InlineData("14", "14")]
    [InlineData(" 014 ", "14")]
    [InlineData("14d", "14D")]
    [InlineData("14 D", "14D")]
    [InlineData("14d1", "14D-1")]
    [InlineData("14 D 1", "14D-1")]
    [InlineData("14-D-1", "14D-1")]
    [InlineData("14D-1", "14D-1")]
    [InlineData("14 d/1", "14D-1")]
    [InlineData("35 III", "35-III")]
    [InlineData("35III", "35-III")]
    [InlineData("9-2", "9-2")]
    [InlineData("9–2", "9-2")]
    [InlineData("9/2", "9-2")]
    [InlineData("9 2", "9-2")]
    [InlineData("67 -1 hoog", "67-1")]
    [InlineData("67, 2e verdieping", "67-2")]
    [InlineData("67 I hoog", "67-I")]
    [InlineData("67 1 hg", "67-1")]
    [InlineData("67-1hg", "67-1HG")]
    [InlineData("12bis", "12-BIS")]
    [InlineData("12A bis", "12A-BIS")]
    [InlineData("12-hs", "12-HS")]
    [InlineData("118-A", "118-A")]
    [InlineData("118A", "118A")]
    [InlineData("nr. 14", "14")]
    [InlineData("#14", "14")]
    [InlineData("14.", "14")]
    [InlineData("99999 z-9999", "99999Z-9999")]
    public void Normalized_AsPeopleWriteIt_IsTheCanonicalText(string typed, string kept)
    {
        Assert.Null(HouseNumber.Fault(typed));
        Assert.Equal(kept, HouseNumber.Normalized(typed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("100000")]
    [InlineData("A")]
    [InlineData("14 boven")]
    [InlineData("14 t/m 18")]
    [InlineData("14tm18")]
    [InlineData("14 tot 18")]
    [InlineData("t.o. 14")]
    [InlineData("14 & 16")]
    [InlineData("14é")]
    [InlineData("14D-12345")]
    [InlineData("14\0")]
    [InlineData("١٤")]
    public void Fault_NotOneHouse_IsRefused(string typed) => Assert.StartsWith("must be one house number", HouseNumber.Fault(typed), StringComparison.Ordinal);

    [Theory]
    [InlineData("118A", "118A 118-A")]
    [InlineData("118-A", "118-A 118A")]
    [InlineData("14d1", "14D-1 14-D1")]
    [InlineData("14-D1", "14-D1 14D-1")]
    [InlineData("9-2", "9-2")]
    [InlineData("12 ab", "12-AB 12A-B")]
    public void Readings_TrailingLetter_IsLetterOrAddition(string typed, string readings) =>
        Assert.Equal(readings, string.Join(' ', HouseNumber.Readings(typed)));

    [Property(MaxTest = 1000)]
    public bool ToString_OfAnyHouseNumber_IsReadBack(ushort number, byte letter, byte length, int seed)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        var random = new Random(seed);
        var addition = length % 5 == 0 ? null : string.Concat(Enumerable.Range(0, length % 5).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
        var house = new HouseNumber(1 + number, letter % 2 == 0 ? null : (char)('A' + (letter % 26)), addition);
        return HouseNumber.Readings(house.ToString())[0] == house;
    }

    [Property(MaxTest = 1000)]
    public bool Normalized_OfAnyText_IsTheSameTheSecondTime(string? text)
    {
        var kept = HouseNumber.Normalized(text ?? "");
        return HouseNumber.Normalized(kept) == kept;
    }
}
