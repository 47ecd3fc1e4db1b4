namespace ChargeCars.Alerts;

/// <summary>Something that needs somebody: one row for each type and thing, which is raised again when the fact returns. A row of <c>alert</c>.</summary>
[GenerateSerializer, Immutable, Alias("alert")]
public sealed record Alert : IEntityState
{
    /// <summary>Its id, which follows from <see cref="AlertType"/> and <see cref="EntityId"/> (<see cref="IdOf"/>).</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What it says.</summary>
    [Id(4)] public AlertType AlertType { get; init; }

    /// <summary>The table of what it is about.</summary>
    [Id(5)] public string EntityType { get; init; } = "";

    /// <summary>What it is about; of a missed caller the id of their <c>call_back</c>, whether or not there is such a row yet.</summary>
    [Id(6)] public Guid EntityId { get; init; }

    /// <summary>What people call that: a number, a plate, a subject.</summary>
    [Id(7)] public string? Label { get; init; }

    /// <summary>The business entity of what it is about.</summary>
    [Id(8)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>The van that is concerned.</summary>
    [Id(9)] public Guid? VehicleId { get; init; }

    /// <summary>The visit that is concerned.</summary>
    [Id(10)] public Guid? VisitId { get; init; }

    /// <summary>The order that is concerned.</summary>
    [Id(11)] public Guid? OrderId { get; init; }

    /// <summary>How much it presses.</summary>
    [Id(12)] public AlertSeverity Severity { get; init; }

    /// <summary>How far it is.</summary>
    [Id(13)] public AlertStatus Status { get; init; }

    /// <summary>When the fact began that is told now, UTC.</summary>
    [Id(14)] public DateTimeOffset RaisedAt { get; init; }

    /// <summary>How often it was raised or came back: who has seen an earlier time has not seen this one.</summary>
    [Id(15)] public int Occurrence { get; init; }

    /// <summary>When the newest of what it counts happened, UTC; null where the fact is a state and no event.</summary>
    [Id(16)] public DateTimeOffset? FactAt { get; init; }

    /// <summary>How late, how often, how fast.</summary>
    [Id(17)] public AlertDetail Detail { get; init; } = new();

    /// <summary>When the fact ended, UTC.</summary>
    [Id(18)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Until when it is put away, UTC.</summary>
    [Id(19)] public DateTimeOffset? SnoozedUntil { get; init; }

    /// <summary>Who put it away, and when.</summary>
    [Id(20)] public AlertAct? Snoozed { get; init; }

    /// <summary>Who has seen to it, and when.</summary>
    [Id(21)] public AlertAct? Done { get; init; }

    /// <summary>The colleague whose it is.</summary>
    [Id(22)] public Guid? AssignedToContactId { get; init; }

    /// <summary>Who gave it to them, and when.</summary>
    [Id(23)] public AlertAct? Assigned { get; init; }

    /// <summary>The one alert of a type about a thing.</summary>
    public static Guid IdOf(AlertType type, Guid entityId) => NameBasedId.Of($"alert/{WireText.Of(type)}/{entityId}");
}

/// <summary>What an alert says in figures; what does not belong to its type is null.</summary>
[GenerateSerializer, Immutable, Alias("alert-detail")]
public sealed record AlertDetail
{
    /// <summary>By how much the expected arrival misses what was promised, minutes.</summary>
    [Id(0)] public int? LateMinutes { get; init; }

    /// <summary>When the crew is expected, UTC.</summary>
    [Id(1)] public DateTimeOffset? ExpectedAt { get; init; }

    /// <summary>By when it should have been there, or moved on, UTC.</summary>
    [Id(2)] public DateTimeOffset? DueAt { get; init; }

    /// <summary>How many: visits of the crew that will be late, calls, messages, commands, positions.</summary>
    [Id(3)] public int? Count { get; init; }

    /// <summary>Since when, UTC.</summary>
    [Id(4)] public DateTimeOffset? Since { get; init; }

    /// <summary>km/h.</summary>
    [Id(5)] public double? SpeedKmh { get; init; }

    /// <summary>Why, as a code or in the words of who refused.</summary>
    [Id(6)] public string? Reason { get; init; }

    /// <summary>The status in which it stands.</summary>
    [Id(7)] public string? EntityStatus { get; init; }

    /// <summary>The newest of the calls.</summary>
    [Id(8)] public Guid? CallId { get; init; }
}

/// <summary>What somebody did with an alert.</summary>
/// <param name="By">Who, as people call them.</param>
/// <param name="ContactId">Their contact; null for a program.</param>
/// <param name="At">When, UTC.</param>
[GenerateSerializer, Immutable, Alias("alert-act")]
public sealed record AlertAct(string By, Guid? ContactId, DateTimeOffset At);
