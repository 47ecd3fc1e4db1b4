using ChargeCars.Relations.PhoneNumbers;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Relations.PhoneNumbers;

public sealed class PhoneNumberRulesTests
{
    [Theory]
    [InlineData("0612345678", "+31612345678")]
    [InlineData("0031612345678", "+31612345678")]
    [InlineData("+31 (0)6 12345678", "+31612345678")]
    [InlineData("31612345678", "+31612345678")]
    [InlineData("612345678", "+31612345678")]
    [InlineData("tel:+31-6-12345678", "+31612345678")]
    [InlineData("020-1234567", "+31201234567")]
    [InlineData("0881234567", "+31881234567")]
    [InlineData("08001234", "+318001234")]
    [InlineData("0900-8844", "+319008844")]
    [InlineData("14020", "+3114020")]
    [InlineData("097012345678", "+3197012345678")]
    [InlineData("0850123456", "+31850123456")]
    [InlineData("0032470123456", "+32470123456")]
    [InlineData("+39 06 69881", "+390669881")]
    [InlineData("+39 02 1234 5678", "+390212345678")]
    [InlineData("٠٦١٢٣٤٥٦٧٨", "+31612345678")]
    public void Read_InUse_IsE164(string typed, string e164)
    {
        var reading = PhoneNumberRules.Read(typed);

        Assert.Equal((typed, e164, true, null), (reading.Raw, reading.E164, reading.IsValid, reading.Extension));
        Assert.Null(PhoneNumberRules.Fault(typed));
        Assert.Equal(e164, PhoneNumberRules.Normalized(typed));
    }

    [Theory]
    [InlineData("0671234567")]
    [InlineData("061234567")]
    [InlineData("112")]
    [InlineData("144")]
    [InlineData("06-12345678/9")]
    public void Read_NoSuchNumber_IsNotValid(string typed)
    {
        var reading = PhoneNumberRules.Read(typed);

        Assert.Equal((typed, false, null, null), (reading.Raw, reading.IsValid, reading.CountryCode, reading.CountryName));
        Assert.NotNull(PhoneNumberRules.Fault(typed));
        Assert.Equal(typed, PhoneNumberRules.Normalized(typed));
    }

    [Theory]
    [InlineData("112")]
    [InlineData("anonymous")]
    [InlineData("Restricted")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("+")]
    [InlineData("+31")]
    [InlineData("0612345678 0687654321")]
    public void Read_NotANumber_HasNothingToMatchBy(string? typed) =>
        Assert.Equal(new PhoneReading(typed ?? "", null, false, null, null, null, null), PhoneNumberRules.Read(typed));

    [Theory]
    [InlineData("06 12345678 ext 12")]
    [InlineData("06 12345678 toestel 12")]
    [InlineData("06-12345678, tst. 12")]
    [InlineData("+31612345678;ext=12")]
    public void Read_Extension_IsApart(string typed)
    {
        var reading = PhoneNumberRules.Read(typed);

        Assert.Equal(("+31612345678", "12", true), (reading.E164, reading.Extension, reading.IsValid));
        Assert.Equal(typed, PhoneNumberRules.Normalized(typed));
    }

    [Theory]
    [InlineData("020-1234567", "Netherlands", "31", "Europe/Amsterdam")]
    [InlineData("+32470123456", "Belgium", "32", "Europe/Brussels")]
    [InlineData("+12125550123", "United States", "1", "America/New_York")]
    [InlineData("+447911123456", "Guernsey", "44", null)]
    [InlineData("+80012345678", null, "800", null)]
    public void Read_Country_IsNamedWithItsZone(string typed, string? name, string code, string? zone)
    {
        var reading = PhoneNumberRules.Read(typed);

        Assert.Equal((name, code, zone), (reading.CountryName, reading.CountryCode, reading.Timezone));
    }

    [Fact]
    public void Read_FromAnotherCountry_TakesItsNationalForm() => Assert.Equal("+32470123456", PhoneNumberRules.Read("0470 12 34 56", "BE").E164);

    [Property(MaxTest = 1000)]
    public bool Read_OfAnyText_AnswersWithoutThrowing(string? text)
    {
        var reading = PhoneNumberRules.Read(text);
        return reading.Raw == (text ?? "") && (!reading.IsValid || reading.E164 is not null);
    }

    /// <summary>Text of the characters that numbers are written in, which arbitrary text seldom has.</summary>
    [Property(MaxTest = 1000)]
    public bool Read_OfAnythingLikeANumber_IsReadAgainFromItsE164(int seed, byte length)
    {
        const string Alphabet = "00112233445566778899+-() ./;,x#*=ext:";
        var random = new Random(seed);
        var text = string.Concat(Enumerable.Range(0, length).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
        var reading = PhoneNumberRules.Read(text);
        return !reading.IsValid || PhoneNumberRules.Read(reading.E164) is { IsValid: true } again && again.E164 == reading.E164;
    }
}
