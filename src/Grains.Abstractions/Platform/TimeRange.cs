namespace ChargeCars;

/// <summary>
/// A stretch of time with its start and without its end (<c>[start, end)</c>), as PostgreSQL's <c>tstzrange</c> compares it:
/// two that only touch don't overlap. An empty one overlaps nothing.
/// </summary>
[GenerateSerializer, Immutable, Alias("time-range")]
public readonly record struct TimeRange([property: Id(0)] DateTimeOffset Start, [property: Id(1)] DateTimeOffset End)
{
    /// <summary>How long it lasts.</summary>
    public TimeSpan Duration => End - Start;

    /// <summary>Whether a moment lies in it.</summary>
    public bool Contains(DateTimeOffset moment) => Start <= moment && moment < End;

    /// <summary>Whether the two have a moment in common.</summary>
    public bool Overlaps(TimeRange other) => Start < End && other.Start < other.End && Start < other.End && other.Start < End;
}
