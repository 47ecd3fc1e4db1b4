namespace ChargeCars.Testing;

/// <summary>Around midnight in the Netherlands no visit of today can have begun a while ago: one that lies over midnight is refused.</summary>
public static class AroundMidnight
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Amsterdam");

    /// <summary>Why a test that needs such a visit is skipped now; null at every other time.</summary>
    public static string? Skip =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, Zone).TimeOfDay is var time && (time.TotalHours is < 1 or > 23.4)
            ? $"It is {time:hh\\:mm} in the Netherlands: a visit that began a while ago and goes on would lie over midnight, which is refused."
            : null;
}
