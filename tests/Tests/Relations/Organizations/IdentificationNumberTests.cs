using ChargeCars.Relations;
using ChargeCars.Relations.Organizations;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Relations.Organizations;

public sealed class IdentificationNumberTests
{
    [Theory]
    [InlineData("01234567", true)]
    [InlineData("69 59 90 84", true)]
    [InlineData("123456789", false)]
    [InlineData("1234567", false)]
    [InlineData("1234567a", false)]
    [InlineData("00000000", false)]
    [InlineData("١٢٣٤٥٦٧٨", false)]
    public void Kvk_IsEightDigits(string text, bool good) => Assert.Equal(good, KvkNumber.Fault(text) is null);

    [Theory]
    [InlineData("000012345678", true)]
    [InlineData("12345678", false)]
    public void Branch_IsTwelveDigits(string text, bool good) => Assert.Equal(good, KvkNumber.FaultOfBranch(text) is null);

    [Theory]
    [InlineData("004495445", null)]
    [InlineData("123456782", null)]
    [InlineData("123456789", "11-test")]
    [InlineData("12345678", "9 digits")]
    [InlineData("000000000", "9 digits")]
    public void Rsin_PassesTheElevenTest(string text, string? fault) => AssertFault(fault, Rsin.Fault(text));

    [Theory]
    [InlineData("NL004495445B01")]
    [InlineData("nl 0044.95.445.B-01")]
    [InlineData("NL002455799B11")]
    [InlineData("NL000099998B57")]
    [InlineData("NL002198178B09")]
    [InlineData("BE0428759497")]
    [InlineData("DE 136695976")]
    public void Vat_EitherTestHolds_IsGood(string text) => Assert.Null(VatNumber.Fault(text));

    [Theory]
    [InlineData("NL123456789B90", "mistyped")]
    [InlineData("NL001234567B01", "mistyped")]
    [InlineData("NL004495445B00", "NL, 9 digits")]
    [InlineData("NL000000000B01", "NL, 9 digits")]
    [InlineData("NL4495445B01", "NL, 9 digits")]
    [InlineData("NL004495445B01\n2", "NL, 9 digits")]
    [InlineData("004495445B01", "EU country")]
    [InlineData("US123456789", "EU country")]
    [InlineData("BE", "EU country")]
    [InlineData("", "EU country")]
    public void Vat_NeitherTestHolds_IsRefused(string text, string fault) => AssertFault(fault, VatNumber.Fault(text));

    [Fact]
    public void Vat_IsKeptWithoutDotsAndSpaces() => Assert.Equal("NL004495445B01", VatNumber.Normalized(" nl0044.95.445 b 01 "));

    [Theory]
    [InlineData("NL91ABNA0417164300", null)]
    [InlineData("nl91 abna 0417 1643 00", null)]
    [InlineData("BE68539007547034", null)]
    [InlineData("DE89370400440532013000", null)]
    [InlineData("GB82WEST12345698765432", null)]
    [InlineData("MT84MALT011000012345MTLCAST001S", null)]
    [InlineData("NL92ABNA0417164300", "mistyped")]
    [InlineData("NL91ABNA041716430", "NL has 18 characters, not 17")]
    [InlineData("US91ABNA0417164300", "country")]
    [InlineData("NL91ABNÄ0417164300", "mistyped")]
    [InlineData("NL", "country")]
    public void Iban_LengthAndCheckDigits(string text, string? fault) => AssertFault(fault, Iban.Fault(text));

    [Fact]
    public void Iban_CheckDigitsThatAreNeverGiven_AreRefused()
    {
        // 97 more leaves the same remainder: the digits that belong to such an account are 98, of which 01 is the twin.
        var twins = Enumerable.Range(0, 1000).Select(i => $"NL01ABNA{i:D10}").Where(text => CodeText.Modulo97(text[4..] + text[..4]) == 1).ToArray();

        Assert.NotEmpty(twins);
        Assert.All(twins, text => AssertFault("mistyped", Iban.Fault(text)));
        Assert.All(twins, text => Assert.Null(Iban.Fault(text.Replace("NL01", "NL98", StringComparison.Ordinal))));
    }

    [Fact]
    public void Iban_IsShownInGroupsOfFour() => Assert.Equal("NL91 ABNA 0417 1643 00", Iban.Shown("nl91abna0417164300"));

    /// <summary>What modulo 97 is for: no single mistyped digit passes.</summary>
    [Property]
    public bool Iban_OneDigitMistyped_IsRefused(byte place, byte added)
    {
        var text = "NL91ABNA0417164300".ToCharArray();
        var index = 8 + (place % 10);
        text[index] = (char)('0' + ((text[index] - '0' + 1 + (added % 9)) % 10));
        return Iban.Fault(new string(text)) is not null;
    }

    [Theory]
    [InlineData("871685920000012340", null)]
    [InlineData("8716 8592 0000 0123 40", null)]
    [InlineData("871685920000012344", "check digit")]
    [InlineData("8716859200001", "18 digits")]
    [InlineData("000000000000000000", "18 digits")]
    public void Ean_HasItsCheckDigit(string text, string? fault) => AssertFault(fault, ConnectionEan.Fault(text));

    [Theory]
    [InlineData("629104150021", '3')]
    [InlineData("00000000000000000", '0')]
    public void Ean_CheckDigit_IsAsGs1Computes(string digits, char check) => Assert.Equal(check, ConnectionEan.CheckDigit(digits));

    [Property]
    public bool Fault_OfAnyText_IsAnAnswer(string? text)
    {
        var typed = text ?? "";
        return new[]
        {
            KvkNumber.Fault(typed), KvkNumber.FaultOfBranch(typed), Rsin.Fault(typed), VatNumber.Fault(typed), Iban.Fault(typed), ConnectionEan.Fault(typed),
        }.All(fault => fault is null || fault.StartsWith("must be", StringComparison.Ordinal));
    }

    private static void AssertFault(string? expected, string? fault)
    {
        if (expected is null)
        {
            Assert.Null(fault);
        }
        else
        {
            Assert.Contains(expected, fault, StringComparison.Ordinal);
        }
    }
}
