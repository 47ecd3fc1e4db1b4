using ChargeCars.Fleet.Vehicles.Motion;

namespace ChargeCars.Tests.Fleet.Vehicles.Motion;

public sealed class MotionOptionsTests
{
    public static TheoryData<string, Action<MotionOptions>> Broken => new()
    {
        { "StopMeters", options => options.StopMeters = 0 },
        { "StopMeters", options => options.StopMeters = double.NaN },
        { "StartMeters", options => options.StartMeters = 50 },
        { "TowMeters", options => options.TowMeters = 100 },
        { "StartAfter", options => options.StartAfter = TimeSpan.FromSeconds(-1) },
        { "StopAfter", options => options.StopAfter = TimeSpan.FromHours(2) },
        { "IgnitionOffAfter", options => options.IgnitionOffAfter = TimeSpan.Zero },
        { "IgnitionOffAfter", options => options.IgnitionOffAfter = TimeSpan.FromMinutes(4) },
        { "MovingKmh", options => options.MovingKmh = 0 },
        { "MaxAccuracyMeters", options => options.MaxAccuracyMeters = -1 },
        { "OverspeedKmh", options => options.OverspeedKmh = 5 },
        { "CheckpointInterval", options => options.CheckpointInterval = TimeSpan.Zero },
        { "DueDaysAhead", options => options.DueDaysAhead = 366 },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Validate_WhatCannotWork_NamesItsKey(string key, Action<MotionOptions> breakIt)
    {
        var options = new MotionOptions();
        breakIt(options);

        var failures = new MotionOptions.Validator().Validate(null, options).Failures!;

        Assert.StartsWith($"ChargeCars:Motion:{key} must be", failures.First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_TheDefaults_Succeeds() => Assert.True(new MotionOptions.Validator().Validate(null, new()).Succeeded);
}
