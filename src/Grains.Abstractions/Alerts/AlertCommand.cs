using ChargeCars.Platform.Entities;

namespace ChargeCars.Alerts;

/// <summary>A command about an alert.</summary>
[GenerateSerializer, Immutable, Alias("alert.command")]
public abstract record AlertCommand : EntityCommand<Alert>;

/// <summary>A fact that holds, and needs somebody.</summary>
[GenerateSerializer, Immutable, Alias("alert-fact")]
public sealed record AlertFact(
    [property: Id(0)] AlertType AlertType, [property: Id(1)] string EntityType, [property: Id(2)] Guid EntityId, [property: Id(3)] AlertSeverity Severity)
{
    /// <summary>What people call what it is about.</summary>
    [Id(4)] public string? Label { get; init; }

    /// <summary>The business entity of what it is about.</summary>
    [Id(5)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>The van that is concerned.</summary>
    [Id(6)] public Guid? VehicleId { get; init; }

    /// <summary>The visit that is concerned.</summary>
    [Id(7)] public Guid? VisitId { get; init; }

    /// <summary>The order that is concerned.</summary>
    [Id(8)] public Guid? OrderId { get; init; }

    /// <summary>When the newest of what it counts happened, UTC; null where the fact is a state: then it is not raised anew while it lasts.</summary>
    [Id(9)] public DateTimeOffset? FactAt { get; init; }

    /// <summary>How late, how often, how fast.</summary>
    [Id(10)] public AlertDetail Detail { get; init; } = new();

    /// <summary>The alert that says it.</summary>
    public Guid AlertId => Alert.IdOf(AlertType, EntityId);
}

/// <summary>A fact holds. Raises its alert, or brings the one that is there up to date.</summary>
/// <param name="Fact">The fact.</param>
[GenerateSerializer, Immutable, Alias("alert.raise")]
public sealed record RaiseAlert([property: Id(0)] AlertFact Fact) : AlertCommand;

/// <summary>The fact does not hold any more.</summary>
[GenerateSerializer, Immutable, Alias("alert.end")]
public sealed record EndAlert : AlertCommand;

/// <summary>A snooze may be over.</summary>
[GenerateSerializer, Immutable, Alias("alert.wake")]
public sealed record WakeAlert : AlertCommand;

/// <summary>The person whom it names is erased: it stays, without what people call what it is about.</summary>
[GenerateSerializer, Immutable, Alias("alert.erase")]
public sealed record EraseAlert : AlertCommand;

/// <summary>
/// What an alert is about was erased, and what people call it goes from the alert too; the program's own command. There may be no such alert.
/// </summary>
/// <param name="AlertId">The alert that there would be.</param>
[GenerateSerializer, Immutable, Alias("alert.forget-label")]
public sealed record ForgetLabel([property: Id(0)] Guid AlertId);

/// <summary>It ended long ago, and is deleted.</summary>
[GenerateSerializer, Immutable, Alias("alert.forget")]
public sealed record ForgetAlert : AlertCommand;

/// <summary>What a person does with an alert.</summary>
/// <param name="Action">What.</param>
/// <param name="By">Who, as people call them.</param>
/// <param name="ContactId">Their contact; null for a program.</param>
[GenerateSerializer, Immutable, Alias("alert.act")]
public sealed record ActOnAlert([property: Id(0)] AlertAction Action, [property: Id(1)] string By, [property: Id(2)] Guid? ContactId) : AlertCommand
{
    /// <summary>Of a snooze: until when, UTC.</summary>
    [Id(3)] public DateTimeOffset? Until { get; init; }

    /// <summary>Of an assignment: to whom; null to nobody.</summary>
    [Id(4)] public Guid? AssignToContactId { get; init; }
}
