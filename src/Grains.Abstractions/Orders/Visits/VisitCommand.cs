using ChargeCars.Orders.Teams;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Visits;

/// <summary>Makes a visit of an order, still without a time.</summary>
/// <param name="Details">What an editor sets.</param>
/// <param name="OrderId">The order.</param>
/// <param name="BusinessEntity">The order's.</param>
/// <param name="Number">The number that was given to the visit's id.</param>
/// <param name="Sequence">Its place among the order's visits.</param>
/// <param name="Assignees">Who goes.</param>
/// <param name="Checklist">What is to be looked at and measured, as the template says it now; null where nothing is.</param>
[GenerateSerializer, Immutable, Alias("visit.make")]
public sealed record MakeVisit(
    VisitDetails Details, Guid OrderId, BusinessEntity BusinessEntity, string Number, int Sequence, IReadOnlyList<Assignment> Assignees, Checklist? Checklist)
    : EntityCommand<Visit>;

/// <summary>Gives answers to the checklist, changes them or (null) takes them away; the others stay.</summary>
/// <param name="Answers">By the items' codes.</param>
/// <param name="By">The contact who gives them; null for a program.</param>
[GenerateSerializer, Immutable, Alias("visit.answer")]
public sealed record AnswerChecklist(IReadOnlyDictionary<string, ChecklistAnswer?> Answers, Guid? By) : EntityCommand<Visit>;

/// <summary>A person and what they do.</summary>
/// <param name="ContactId">The person.</param>
/// <param name="Role">What they do there; null where it does not matter.</param>
[GenerateSerializer, Immutable, Alias("assignment")]
public sealed record Assignment(Guid ContactId, TeamRole? Role = null);

/// <summary>Says who goes.</summary>
/// <param name="Assignees">All of them.</param>
[GenerateSerializer, Immutable, Alias("visit.assign")]
public sealed record AssignVisit(IReadOnlyList<Assignment> Assignees) : EntityCommand<Visit>;

/// <summary>One of the actions of the transition table.</summary>
/// <param name="Action">Which.</param>
[GenerateSerializer, Immutable, Alias("visit.act")]
public sealed record ActOnVisit(VisitAction Action) : EntityCommand<Visit>
{
    /// <summary>Why; required to fail, to cancel and where nobody was there.</summary>
    [Id(0)] public string? Reason { get; init; }

    /// <summary>When it is to begin, UTC; <see cref="VisitAction.Schedule"/> and <see cref="VisitAction.Reschedule"/>, required there.</summary>
    [Id(1)] public DateTimeOffset? ScheduledStart { get; init; }

    /// <summary>When it is to end, UTC; as <see cref="ScheduledStart"/>.</summary>
    [Id(2)] public DateTimeOffset? ScheduledEnd { get; init; }

    /// <summary>The team that makes it; as <see cref="ScheduledStart"/>. The one that it has where it is left out.</summary>
    [Id(3)] public Guid? TeamId { get; init; }

    /// <summary>The van that it is made with; as <see cref="TeamId"/>.</summary>
    [Id(4)] public Guid? VehicleId { get; init; }

    /// <summary>What was done; <see cref="VisitAction.Complete"/>, required there.</summary>
    [Id(5)] public string? Resolution { get; init; }

    /// <summary>The outcome as a code of one's own; <see cref="VisitAction.Complete"/> only.</summary>
    [Id(6)] public string? OutcomeCode { get; init; }

    /// <summary>Who signed; <see cref="VisitAction.Complete"/> only.</summary>
    [Id(7)] public string? SignedBy { get; init; }

    /// <summary>The signature as a file; <see cref="VisitAction.Complete"/> only.</summary>
    [Id(8)] public Guid? SignatureAttachmentId { get; init; }

    /// <summary>What was found, by the checklist's codes; <see cref="VisitAction.Complete"/> only.</summary>
    [Id(9)] public IReadOnlyDictionary<string, ChecklistAnswer?>? Checklist { get; init; }

    /// <summary>The contact who answers the checklist; null for a program.</summary>
    [Id(10)] public Guid? By { get; init; }

    /// <summary>
    /// When it happened, UTC, for what happens at the customer's; now where it is left out. A phone in a cellar tells it later: at most
    /// seven days, and never before the visit's step before it.
    /// </summary>
    [Id(11)] public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>Where the customer signed; <see cref="VisitAction.Complete"/> only, with <see cref="SignedBy"/>.</summary>
    [Id(12)] public string? SignedPlace { get; init; }

    /// <summary>No team makes it any more; with <see cref="ScheduledStart"/> only. Else the one that it has stays where none is named.</summary>
    [Id(13)] public bool WithoutTeam { get; init; }

    /// <summary>It is made with no van any more; as <see cref="WithoutTeam"/>.</summary>
    [Id(14)] public bool WithoutVehicle { get; init; }

    /// <summary>The team that makes a visit then; null for none.</summary>
    public Guid? TeamOf(Visit visit) => WithoutTeam ? null : TeamId ?? visit.TeamId;

    /// <summary>The van that a visit is made with then; null for none.</summary>
    public Guid? VehicleOf(Visit visit) => WithoutVehicle ? null : VehicleId ?? visit.VehicleId;
}

/// <summary>
/// What a van's positions say at the geofence of a visit; the program's own command. Proposes the arrival, or asks about a van that left.
/// </summary>
/// <param name="VehicleId">The van.</param>
/// <param name="Entered">It came, else it left.</param>
/// <param name="At">When, UTC.</param>
[GenerateSerializer, Immutable, Alias("visit.note-crossing")]
public sealed record NoteCrossing(Guid VehicleId, bool Entered, DateTimeOffset At) : EntityCommand<Visit>
{
    /// <summary>When the arrival is taken where nobody says anything, UTC; null: by a person only. The visit's own grain sets it.</summary>
    [Id(0)] public DateTimeOffset? TakeAt { get; init; }
}

/// <summary>Takes the arrival that was proposed, where nobody said anything else; the program's own command.</summary>
/// <param name="At">The proposal, UTC: another one in its place is not taken by this.</param>
[GenerateSerializer, Immutable, Alias("visit.take-arrival")]
public sealed record TakeArrival(DateTimeOffset At) : EntityCommand<Visit>;
