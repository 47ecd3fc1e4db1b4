namespace ChargeCars.Silo.Demo;

/// <summary>How often a fleet of some size reports, so that a large one is no load test.</summary>
/// <param name="LiveSeconds">Between two fixes of a van under way.</param>
/// <param name="PastSeconds">The same for the hours before the start.</param>
internal readonly record struct DemoRhythm(int LiveSeconds, int PastSeconds)
{
    private const double FixesASecond = 300;
    private const double PastFixes = 500_000;

    /// <summary>How long before the start a van's day is made up for, at least.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromHours(8);

    private static readonly int[] Steps = [2, 3, 5, 10, 15, 20, 30, 60];

    public static DemoRhythm Of(int vehicles) => new(
        Step(vehicles / FixesASecond), Step(Math.Max(10, vehicles * Past.TotalSeconds / PastFixes)));

    private static int Step(double seconds) => Steps.FirstOrDefault(step => step >= seconds, Steps[^1]);
}
