using System.Globalization;
using ChargeCars.Platform.Storage;
using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Tests.Platform.Storage;

public sealed class RetentionOptionsTests
{
    [Theory]
    [InlineData(0, 365, 0, "ChargeCars:Positions:MaxAge")]
    [InlineData(30, 29, 0, "ChargeCars:Positions:MaxAge")]
    [InlineData(30, 0, 0, "ChargeCars:Positions:Retention")]
    [InlineData(30, 365, -1, "ChargeCars:Positions:FutureTolerance")]
    public void PositionOptions_ThatCantWork_AreRefusedByTheirKey(int maxAge, int retention, int tolerance, string key)
    {
        var result = new PositionOptionsValidator().Validate(null, new()
        {
            MaxAge = TimeSpan.FromDays(maxAge),
            Retention = TimeSpan.FromDays(retention),
            FutureTolerance = TimeSpan.FromMinutes(tolerance),
        });

        Assert.Contains(key, result.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-00:00:01", "01:00:00", "ChargeCars:Positions:SettleAfter")]
    [InlineData("366.00:00:00", "01:00:00", "ChargeCars:Positions:SettleAfter")]
    [InlineData("1.00:00:00", "00:00:00.9", "ChargeCars:Positions:SettleInterval")]
    [InlineData("1.00:00:00", "1.00:00:01", "ChargeCars:Positions:SettleInterval")]
    public void PositionOptions_ThatCantSettle_AreRefusedByTheirKey(string after, string interval, string key)
    {
        var result = new PositionOptionsValidator().Validate(null, new()
        {
            SettleAfter = TimeSpan.Parse(after, CultureInfo.InvariantCulture),
            SettleInterval = TimeSpan.Parse(interval, CultureInfo.InvariantCulture),
        });

        Assert.Contains(key, result.FailureMessage, StringComparison.Ordinal);
        Assert.Single(result.Failures!);
    }

    [Fact]
    public void PositionOptions_ByDefault_AreValid() =>
        Assert.True(new PositionOptionsValidator().Validate(null, new()).Succeeded);

    [Fact]
    public void ChangeEventOptions_ThatCantWork_AreRefusedByTheirKey() =>
        Assert.Contains(
            "ChargeCars:ChangeEvents:Retention",
            new ChangeEventOptionsValidator().Validate(null, new() { Retention = TimeSpan.Zero }).FailureMessage,
            StringComparison.Ordinal);
}
