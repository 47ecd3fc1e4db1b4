using System.Text.Json.Serialization;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>
/// When a vehicle works: outside these windows its positions are not kept. Times are those of the clock on the wall in
/// the Netherlands (Europe/Amsterdam), summer and winter.
/// </summary>
[GenerateSerializer, Immutable, Alias("working-hours")]
public sealed record WorkingHours
{
    /// <summary>One to 50 windows; they may overlap.</summary>
    [Id(0)] public IReadOnlyList<WorkingWindow> Windows { get; init; } = [];

    /// <summary>Two are equal by their windows.</summary>
    public bool Equals(WorkingHours? other) => other is not null && Windows.SequenceEqual(other.Windows);

    /// <inheritdoc/>
    public override int GetHashCode() => Windows.Aggregate(0, HashCode.Combine);
}

/// <summary>The same hours on some days of the week.</summary>
[GenerateSerializer, Immutable, Alias("working-window")]
public sealed record WorkingWindow
{
    /// <summary>The days on which it begins; required.</summary>
    [Id(0)] public IReadOnlyList<WorkingDay> Days { get; init; } = [];

    /// <summary>Its beginning; required.</summary>
    [Id(1)] public TimeOnly? From { get; init; }

    /// <summary>Its end, not included; required. One that is not after the beginning lies on the next day.</summary>
    [Id(2)] public TimeOnly? To { get; init; }

    /// <summary>Two are equal by their days and hours.</summary>
    public bool Equals(WorkingWindow? other) => other is not null && Days.SequenceEqual(other.Days) && From == other.From && To == other.To;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Days.Count, From, To);
}

/// <summary>A day of the week.</summary>
[JsonConverter(typeof(WireEnumConverter<WorkingDay>))]
public enum WorkingDay
{
    /// <summary>Sunday.</summary>
    Sunday,

    /// <summary>Monday.</summary>
    Monday,

    /// <summary>Tuesday.</summary>
    Tuesday,

    /// <summary>Wednesday.</summary>
    Wednesday,

    /// <summary>Thursday.</summary>
    Thursday,

    /// <summary>Friday.</summary>
    Friday,

    /// <summary>Saturday.</summary>
    Saturday,
}
