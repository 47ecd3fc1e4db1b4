using ChargeCars.Fleet.Vehicles;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Fleet.Vehicles;

public sealed class LicensePlateTests
{
    [Theory]
    [InlineData("AB-12-34")]
    [InlineData("12-34-AB")]
    [InlineData("12-AB-34")]
    [InlineData("AB-12-CD")]
    [InlineData("AB-CD-12")]
    [InlineData("12-AB-CD")]
    [InlineData("12-ABC-3")]
    [InlineData("1-ABC-23")]
    [InlineData("AB-123-C")]
    [InlineData("V-196-RP")]
    [InlineData("ABC-12-D")]
    [InlineData("A-12-BCD")]
    [InlineData("1-AB-234")]
    [InlineData("123-AB-4")]
    public void Shown_OfADutchPlate_HasItsDashes(string plate)
    {
        var bare = plate.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant();

        Assert.True(LicensePlate.IsDutch(bare));
        Assert.Equal(plate, LicensePlate.Shown(bare));
        Assert.Equal(plate.Replace("-", "", StringComparison.Ordinal), LicensePlate.Normalized(bare));
    }

    [Theory]
    [InlineData("1-ABC-234")]
    [InlineData("B MW 1234")]
    [InlineData("123456")]
    [InlineData("ABCDEF")]
    [InlineData("A1B2C3")]
    public void IsDutch_AnotherPattern_IsUncheckedButAllowed(string plate)
    {
        Assert.False(LicensePlate.IsDutch(plate));
        Assert.Equal(plate, LicensePlate.Shown(plate));
        Assert.Null(LicensePlate.Fault(plate));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" - ")]
    [InlineData("V-196-RP V-196-RP V-1")]
    public void Fault_NothingOrTooMuch_IsRefused(string plate) => Assert.NotNull(LicensePlate.Fault(plate));

    [Property]
    public bool Normalized_OfWhatIsShown_IsTheSame(string? text) =>
        LicensePlate.Normalized(LicensePlate.Shown(text ?? "")) == LicensePlate.Normalized(text ?? "");
}
