using ChargeCars.Fleet.Vehicles;

namespace ChargeCars.Planning.Routes;

/// <summary>How far a visit has come, as far as a route cares.</summary>
public enum VisitProgress
{
    /// <summary>Nobody is under way yet.</summary>
    Planned,

    /// <summary>The crew is driving to it.</summary>
    EnRoute,

    /// <summary>The crew is there.</summary>
    OnSite,

    /// <summary>It has ended.</summary>
    Over,
}

/// <summary>A product that a visit needs.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Quantity">How many.</param>
public sealed record RequiredPart(Guid ProductId, string Name, int Quantity);

/// <summary>A visit as a route sees it. Those that are cancelled or that nobody was at are none.</summary>
public sealed record RouteVisit
{
    /// <summary>The visit.</summary>
    public required Guid Id { get; init; }

    /// <summary>What people call it: its number.</summary>
    public required string Number { get; init; }

    /// <summary>The name that it is made under; null where that does not matter.</summary>
    public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>Where it is; null where the address has no coordinates.</summary>
    public MapPoint? Place { get; init; }

    /// <summary>The beginning of what the customer was promised: the crew arrives and begins from then on.</summary>
    public DateTimeOffset? WindowStart { get; init; }

    /// <summary>The end of what the customer was promised: the crew begins by then.</summary>
    public DateTimeOffset? WindowEnd { get; init; }

    /// <summary>When it is planned; null where it is not.</summary>
    public TimeRange? Planned { get; init; }

    /// <summary>How long it takes a usual crew, minutes.</summary>
    public int EstimatedMinutes { get; init; }

    /// <summary>What somebody of the crew must be able to do or be certified for.</summary>
    public IReadOnlyList<string> RequiredSkills { get; init; } = [];

    /// <summary>What it uses.</summary>
    public IReadOnlyList<RequiredPart> RequiredParts { get; init; } = [];

    /// <summary>The kinds of equipment that it takes.</summary>
    public IReadOnlyList<EquipmentCategory> RequiredEquipment { get; init; } = [];

    /// <summary>The team that does it.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>The van that goes there.</summary>
    public Guid? VehicleId { get; init; }

    /// <summary>Who does it; empty where the whole team does.</summary>
    public IReadOnlyList<Guid> AssigneeIds { get; init; } = [];

    /// <summary>How far it has come.</summary>
    public VisitProgress Progress { get; init; }

    /// <summary>When the crew set out for it.</summary>
    public DateTimeOffset? EnRouteAt { get; init; }

    /// <summary>When the crew arrived.</summary>
    public DateTimeOffset? ArrivedAt { get; init; }

    /// <summary>When the work began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
