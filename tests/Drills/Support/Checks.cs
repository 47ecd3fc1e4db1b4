namespace ChargeCars.Drills.Support;

internal static class Checks
{
    /// <summary>Something that must hold, said in words that are true where it does; <paramref name="instead"/> says what was found.</summary>
    public static void Must(this DrillReport report, bool holds, string fact, Func<string>? instead = null)
    {
        if (holds)
        {
            report.Say($"ok  {fact}");
        }
        else
        {
            report.Violation($"not: {fact}{(instead is null ? "" : $". Instead: {instead()}")}");
        }
    }
}
