using ChargeCars.Api.Platform.Live;

namespace ChargeCars.Tests.Platform.Live;

public sealed class LiveOptionsTests
{
    [Fact]
    public void Defaults_AreValid() => Assert.True(new LiveOptionsValidator().Validate(null, new()).Succeeded);

    [Fact]
    public void Faults_AreNamedByTheirKey()
    {
        var options = new LiveOptions
        {
            PollInterval = TimeSpan.Zero, MaximumQueuedChanges = 0, ProbeTimeout = TimeSpan.FromMilliseconds(20), MaximumConnectionsPerCaller = 0,
            Calls = new() { PerSecond = 0, Burst = 1 }, CallsPerCaller = new() { PerSecond = 1, Burst = 0 },
        };
        options.AllowedOrigins.Add("planning.example.nl/");
        var failures = new LiveOptionsValidator().Validate(null, options).Failures!.ToArray();
        Assert.Equal(7, failures.Length);
        Assert.All(
            new[] { "PollInterval", "MaximumQueuedChanges", "ProbeTimeout", "AllowedOrigins", "MaximumConnectionsPerCaller", "Calls:PerSecond", "CallsPerCaller:Burst" },
            key => Assert.Contains(failures, failure => failure.StartsWith($"ChargeCars:Live:{key} ", StringComparison.Ordinal)));
    }
}
