namespace ChargeCars.Orders.Deadlines;

/// <summary>
/// What a deadline is computed from: a beginning, a target in business minutes, and every pause by its ends. A pause is kept as the
/// span that it was and measured by the calendar of the moment, so that a later change of hours or holidays neither loses nor
/// lengthens it.
/// </summary>
[GenerateSerializer, Immutable, Alias("sla-clock")]
public sealed record SlaClock
{
    /// <summary>When it was started, UTC.</summary>
    [Id(0)] public DateTimeOffset StartedAt { get; init; }

    /// <summary>How long the work may take, business minutes.</summary>
    [Id(1)] public int TargetMinutes { get; init; }

    /// <summary>The pauses that have ended, in order of time; none overlaps another.</summary>
    [Id(2)] public IReadOnlyList<SlaPause> Pauses { get; init; } = [];

    /// <summary>Since when it is paused, UTC; null while it runs, and once it has stopped.</summary>
    [Id(3)] public DateTimeOffset? PausedSince { get; init; }

    /// <summary>When it was stopped, UTC; null while the work is not done.</summary>
    [Id(4)] public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>Two are equal by their times.</summary>
    public bool Equals(SlaClock? other) => other is not null && StartedAt == other.StartedAt && TargetMinutes == other.TargetMinutes
        && PausedSince == other.PausedSince && StoppedAt == other.StoppedAt && Pauses.SequenceEqual(other.Pauses);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StartedAt, TargetMinutes, PausedSince, StoppedAt, Pauses.Count);
}

/// <summary>A pause that has ended.</summary>
/// <param name="From">Its beginning, UTC.</param>
/// <param name="To">Its end, UTC.</param>
[GenerateSerializer, Immutable, Alias("sla-pause")]
public sealed record SlaPause([property: Id(0)] DateTimeOffset From, [property: Id(1)] DateTimeOffset To);
