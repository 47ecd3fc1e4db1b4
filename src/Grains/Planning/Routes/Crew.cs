using ChargeCars.Fleet.Vehicles;
using ChargeCars.Orders.Teams;

namespace ChargeCars.Planning.Routes;

/// <summary>A person of a team.</summary>
public sealed record CrewMember
{
    /// <summary>The person.</summary>
    public required Guid Id { get; init; }

    /// <summary>What people call the person.</summary>
    public required string Name { get; init; }

    /// <summary>What the person can do.</summary>
    public IReadOnlyList<string> Skills { get; init; } = [];

    /// <summary>What the person is certified for.</summary>
    public IReadOnlyList<Certification> Certifications { get; init; } = [];

    /// <summary>The first day in the team; null for always.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>The last day in the team; null for no end.</summary>
    public DateOnly? ValidTo { get; init; }

    /// <summary>Whether the person is in the team on a day.</summary>
    public bool IsIn(DateOnly day) => !(ValidFrom > day) && !(ValidTo < day);
}

/// <summary>The team of a crew.</summary>
/// <param name="Id">The team.</param>
/// <param name="Name">What people call it.</param>
/// <param name="IsActive">Whether it works at all.</param>
/// <param name="Members">Its members of any day, and who else is assigned to its visits.</param>
public sealed record CrewTeam(Guid Id, string Name, bool IsActive, IReadOnlyList<CrewMember> Members)
{
    /// <summary>The name that it works under; null for all.</summary>
    public BusinessEntity? BusinessEntity { get; init; }
}

/// <summary>The van of a crew.</summary>
public sealed record CrewVehicle
{
    /// <summary>The vehicle.</summary>
    public required Guid Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is doing now.</summary>
    public VehicleStatus Status { get; init; }

    /// <summary>Whether it is in active use.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>Whether planning may use it.</summary>
    public bool IsAvailable { get; init; } = true;

    /// <summary>When its next maintenance is due.</summary>
    public DateOnly? MaintenanceDue { get; init; }

    /// <summary>What it carries; null where that is not on record.</summary>
    public IReadOnlyList<Equipment>? Equipment { get; init; }

    /// <summary>The pieces of each product on it that nobody else has reserved; null where its stock is not kept.</summary>
    public IReadOnlyDictionary<Guid, int>? Stock { get; init; }
}

/// <summary>A pause that a crew takes wherever it is.</summary>
/// <param name="Earliest">When it may begin, UTC.</param>
/// <param name="Latest">When it must have begun, UTC.</param>
/// <param name="Minutes">How long it lasts.</param>
public sealed record CrewBreak(DateTimeOffset Earliest, DateTimeOffset Latest, int Minutes);

/// <summary>Who drives one route on one day: a team, a van, or a team in a van.</summary>
public sealed record Crew
{
    /// <summary>The day, by the clock on the wall in the Netherlands.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>The team; null for a van without one.</summary>
    public CrewTeam? Team { get; init; }

    /// <summary>The van; null for a team without one.</summary>
    public CrewVehicle? Vehicle { get; init; }

    /// <summary>When it works on that day; null where it does not.</summary>
    public TimeRange? Hours { get; init; }

    /// <summary>Where its day begins; null where nobody knows, and the drive to the first visit is not counted.</summary>
    public MapPoint? StartPlace { get; init; }

    /// <summary>How long before its hours it may set out from there.</summary>
    public TimeSpan EarlyStart { get; init; }

    /// <summary>Where its day ends; null where the drive home is no working time.</summary>
    public MapPoint? EndPlace { get; init; }

    /// <summary>Its pauses.</summary>
    public IReadOnlyList<CrewBreak> Breaks { get; init; } = [];

    /// <summary>How much longer than a usual crew it takes for a visit: 1.2 for one with an apprentice.</summary>
    public double DurationFactor { get; init; } = 1;

    /// <summary>What people call it.</summary>
    public string Name => (Team, Vehicle) switch
    {
        ({ } team, { } vehicle) => $"{team.Name} ({vehicle.Name})",
        ({ } team, null) => team.Name,
        (null, { } vehicle) => vehicle.Name,
        _ => "nobody",
    };

    /// <summary>The members of its team on its day.</summary>
    public IEnumerable<CrewMember> Members => Team?.Members.Where(member => member.IsIn(Day)) ?? [];

    /// <summary>How long it takes for a visit, whole minutes.</summary>
    public TimeSpan DurationOf(RouteVisit visit) => TimeSpan.FromMinutes(Math.Ceiling(visit.EstimatedMinutes * DurationFactor));
}
