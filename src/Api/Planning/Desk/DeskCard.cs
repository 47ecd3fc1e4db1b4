using ChargeCars.Money.Numbering;
using ChargeCars.Orders;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning.Routes;

namespace ChargeCars.Api.Planning.Desk;

/// <summary>A visit as a dispatcher's board and schedule show it, with what stands beside it elsewhere. Times are UTC.</summary>
public sealed record DeskCard
{
    /// <summary>The visit.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its version: what a change of it is based on.</summary>
    public required long Version { get; init; }

    /// <summary>Its number.</summary>
    public string? Number { get; init; }

    /// <summary>Its order.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>The order's number.</summary>
    public required string OrderNumber { get; init; }

    /// <summary>Where the order is in its life.</summary>
    public required OrderStatus OrderStatus { get; init; }

    /// <summary>How urgent the order is.</summary>
    public required PriorityLevel PriorityLevel { get; init; }

    /// <summary>The name that it is made under.</summary>
    public required BusinessEntity BusinessEntity { get; init; }

    /// <summary>What it is for.</summary>
    public required VisitType VisitType { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required VisitStatus Status { get; init; }

    /// <summary>The team that makes it.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>The van that it is made with.</summary>
    public Guid? VehicleId { get; init; }

    /// <summary>From when the customer was promised it.</summary>
    public DateTimeOffset? WindowStart { get; init; }

    /// <summary>Until when.</summary>
    public DateTimeOffset? WindowEnd { get; init; }

    /// <summary>When it is planned to begin.</summary>
    public DateTimeOffset? ScheduledStart { get; init; }

    /// <summary>When it is planned to end.</summary>
    public DateTimeOffset? ScheduledEnd { get; init; }

    /// <summary>How long it takes, minutes.</summary>
    public int? EstimatedMinutes { get; init; }

    /// <summary>What somebody of the crew must be able to do.</summary>
    public required IReadOnlyList<string> RequiredSkills { get; init; }

    /// <summary>When the van set off.</summary>
    public DateTimeOffset? EnRouteAt { get; init; }

    /// <summary>When it arrived.</summary>
    public DateTimeOffset? ArrivedAt { get; init; }

    /// <summary>When the work began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the visit ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often it got another time.</summary>
    public required int RescheduleCount { get; init; }

    /// <summary>The customer's name; null for who may not see customers.</summary>
    public string? CustomerName { get; init; }

    /// <summary>The street and the number in it; null for who may not see addresses.</summary>
    public string? Street { get; init; }

    /// <summary>The town.</summary>
    public string? City { get; init; }

    /// <summary>Degrees north; null where it is not known.</summary>
    public decimal? Latitude { get; init; }

    /// <summary>Degrees east.</summary>
    public decimal? Longitude { get; init; }

    /// <summary>What is expected of it; null on other days than today, of the past, of what is over, and where only some visits were asked for.</summary>
    public VisitForecast? Forecast { get; init; }
}

/// <summary>A team on a day.</summary>
/// <param name="TeamId">The team.</param>
/// <param name="Name">What it is called.</param>
/// <param name="VehicleId">The van that it drives.</param>
/// <param name="Members">Who is in it on that day, the lead first.</param>
public sealed record DeskCrew(Guid TeamId, string Name, Guid? VehicleId, IReadOnlyList<DeskMember> Members);

/// <summary>Somebody of a team.</summary>
/// <param name="ContactId">The person.</param>
/// <param name="Name">Their name.</param>
/// <param name="Phone">The number to call; null where none is known.</param>
/// <param name="Skills">What they can do.</param>
public sealed record DeskMember(Guid ContactId, string Name, string? Phone, IReadOnlyList<string> Skills);

/// <summary>A day of the desk.</summary>
/// <param name="Day">The day, on Dutch clocks.</param>
/// <param name="From">When it begins, UTC.</param>
/// <param name="To">When it ends, UTC.</param>
/// <param name="Visits">Those of the day and those that have no time yet; the latter first.</param>
/// <param name="Crews">The teams; empty for who may not see teams.</param>
/// <param name="HasMore">Whether there are more visits than are told.</param>
public sealed record DeskDay(DateOnly Day, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<DeskCard> Visits, IReadOnlyList<DeskCrew> Crews, bool HasMore);
