namespace ChargeCars.Orders.Visits;

/// <summary>What an editor may set of a visit.</summary>
[GenerateSerializer, Immutable, Alias("visit-details")]
public record VisitDetails
{
    /// <summary>What it is for; required.</summary>
    [Id(0)] public VisitType? VisitType { get; init; }

    /// <summary>Where it is; the order's address where it is left out.</summary>
    [Id(1)] public Guid? AddressId { get; init; }

    /// <summary>The team that makes it.</summary>
    [Id(2)] public Guid? TeamId { get; init; }

    /// <summary>The van that it is made with.</summary>
    [Id(3)] public Guid? VehicleId { get; init; }

    /// <summary>From when the customer was promised it, UTC.</summary>
    [Id(4)] public DateTimeOffset? WindowStart { get; init; }

    /// <summary>Until when, UTC.</summary>
    [Id(5)] public DateTimeOffset? WindowEnd { get; init; }

    /// <summary>How long it takes, minutes.</summary>
    [Id(6)] public int? EstimatedMinutes { get; init; }

    /// <summary>What somebody of the crew must be able to do.</summary>
    [Id(7), ArrayColumn] public IReadOnlyList<string> RequiredSkills { get; init; } = [];

    /// <summary>The visit that could not be finished, and that this one finishes.</summary>
    [Id(8)] public Guid? FollowUpOfVisitId { get; init; }
}

/// <summary>A visit with its assignees. A row of <c>visit</c>.</summary>
[GenerateSerializer, Immutable, Alias("visit")]
public sealed record Visit : VisitDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <inheritdoc/>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The order's.</summary>
    [Id(4)] public BusinessEntity BusinessEntity { get; init; }

    /// <summary>Its number; given at creation.</summary>
    [Id(5)] public string? Number { get; init; }

    /// <summary>The order.</summary>
    [Id(6)] public Guid OrderId { get; init; }

    /// <summary>Its place among the order's visits, from 1.</summary>
    [Id(7)] public int Sequence { get; init; }

    /// <summary>Where it is in its life.</summary>
    [Id(8)] public VisitStatus Status { get; init; }

    /// <summary>When it is planned to begin, UTC.</summary>
    [Id(9)] public DateTimeOffset? ScheduledStart { get; init; }

    /// <summary>When it is planned to end, UTC.</summary>
    [Id(10)] public DateTimeOffset? ScheduledEnd { get; init; }

    /// <summary>When the customer agreed, UTC.</summary>
    [Id(11)] public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>When the van set off, UTC.</summary>
    [Id(12)] public DateTimeOffset? EnRouteAt { get; init; }

    /// <summary>When it arrived, UTC.</summary>
    [Id(13)] public DateTimeOffset? ArrivedAt { get; init; }

    /// <summary>When the work began, UTC.</summary>
    [Id(14)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the visit ended, in whatever way, UTC.</summary>
    [Id(15)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What was done.</summary>
    [Id(16)] public string? Resolution { get; init; }

    /// <summary>The outcome as a code of one's own.</summary>
    [Id(17)] public string? OutcomeCode { get; init; }

    /// <summary>The signature as a file.</summary>
    [Id(18)] public Guid? SignatureAttachmentId { get; init; }

    /// <summary>Who signed.</summary>
    [Id(19)] public string? SignedBy { get; init; }

    /// <summary>When, UTC.</summary>
    [Id(20)] public DateTimeOffset? SignedAt { get; init; }

    /// <summary>Who waived the signature.</summary>
    [Id(21)] public Guid? SignoffWaivedBy { get; init; }

    /// <summary>Why.</summary>
    [Id(22)] public string? SignoffWaivedReason { get; init; }

    /// <summary>How often it got another time.</summary>
    [Id(23)] public int RescheduleCount { get; init; }

    /// <summary>Why it was cancelled, or failed.</summary>
    [Id(24)] public string? CancelReason { get; init; }

    /// <summary>What is to be looked at and measured, as it was when the visit was made, and what was found; null where nothing is.</summary>
    [Id(26)] public Checklist? Checklist { get; init; }

    /// <summary>When its van came to the address, by its positions, while nobody has said that it arrived; UTC.</summary>
    [Id(27)] public DateTimeOffset? ArrivalProposedAt { get; init; }

    /// <summary>When its van left the address while the visit is not ended, UTC: is it done, or does the crew come back?</summary>
    [Id(28)] public DateTimeOffset? LeftAt { get; init; }

    /// <summary>Where the customer signed, as people call the place.</summary>
    [Id(29)] public string? SignedPlace { get; init; }

    /// <summary>Who goes besides or instead of a team.</summary>
    [Id(25)] public IReadOnlyList<VisitAssignee> Assignees { get; init; } = [];
}

/// <summary>A person who goes on a visit. A row of <c>visit_assignee</c>; a part of its visit.</summary>
[GenerateSerializer, Immutable, Alias("visit_assignee")]
public sealed record VisitAssignee : IEntityPart
{
    /// <summary>Its id; follows from visit and person.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>The version of the visit that it was changed with.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The visit's.</summary>
    [Id(4)] public BusinessEntity BusinessEntity { get; init; }

    /// <summary>The visit.</summary>
    [Id(5)] public Guid VisitId { get; init; }

    /// <summary>The person.</summary>
    [Id(6)] public Guid ContactId { get; init; }

    /// <summary>What the person does there.</summary>
    [Id(7)] public Teams.TeamRole? Role { get; init; }

    /// <summary>From when the visit takes the person's time, UTC; null where it takes none. The database holds that no two overlap.</summary>
    [Id(8)] public DateTimeOffset? BusyFrom { get; init; }

    /// <summary>Until when, UTC.</summary>
    [Id(9)] public DateTimeOffset? BusyUntil { get; init; }
}
