using System.Text.Json.Serialization;

namespace ChargeCars.Planning.Routes;

/// <summary>What a plan may break.</summary>
[JsonConverter(typeof(WireEnumConverter<RouteRule>))]
public enum RouteRule
{
    /// <summary>A visit begins outside what its customer was promised.</summary>
    Window,

    /// <summary>A visit begins after its planned time, within what was promised.</summary>
    Late,

    /// <summary>The van, the team or a person is at another visit.</summary>
    Overlap,

    /// <summary>The crew does not work then.</summary>
    Hours,

    /// <summary>The crew is back after its hours, within what is allowed.</summary>
    Overtime,

    /// <summary>No time is left for a break.</summary>
    Break,

    /// <summary>Nobody of the crew can do it.</summary>
    Skill,

    /// <summary>The certificate has expired on that day.</summary>
    Certificate,

    /// <summary>The team is not active.</summary>
    TeamInactive,

    /// <summary>Nobody is in the team on that day, the team works under another name, or neither a team nor a van is named.</summary>
    Crew,

    /// <summary>The van is not in active use.</summary>
    VehicleInactive,

    /// <summary>Planning may not use the van.</summary>
    VehicleUnavailable,

    /// <summary>The van is in maintenance, or its maintenance is due.</summary>
    Maintenance,

    /// <summary>A kind of equipment is not on the van or not fit for use.</summary>
    Equipment,

    /// <summary>The van does not carry the parts.</summary>
    Parts,

    /// <summary>The drive there is longer than wanted.</summary>
    TooFar,

    /// <summary>There is no road there.</summary>
    Unreachable,

    /// <summary>The place is not known, so that travel is not counted.</summary>
    Place,

    /// <summary>Less time is planned than the crew needs.</summary>
    Duration,

    /// <summary>The crew has no gap that is long enough.</summary>
    NoGap,
}

/// <summary>One rule that a plan breaks.</summary>
/// <param name="Rule">Which one.</param>
/// <param name="Hard">Whether the plan can't be so; else it only costs.</param>
/// <param name="Detail">For the reader: who and what, with times on the wall.</param>
/// <param name="VisitId">The other visit that it is about; null where it is the one that was asked for.</param>
public sealed record Violation(RouteRule Rule, bool Hard, string Detail, Guid? VisitId = null);

/// <summary>What it means to plan a visit at a time for a crew.</summary>
public sealed record CheckAnswer
{
    /// <summary>Whether no hard rule is broken.</summary>
    public bool Feasible => Violations.All(violation => !violation.Hard);

    /// <summary>Every rule that is broken, the hard ones first.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>Minutes of driving to the visit from the place before it; null where there is no way or the place is not known.</summary>
    public int? TravelMinutes { get; init; }

    /// <summary>Minutes of driving that the visit adds to the day; negative where it lies on a faster way.</summary>
    public int? AddedTravelMinutes { get; init; }

    /// <summary>
    /// By how many minutes it may begin later before a customer's promise breaks or the crew's longest day is over. Negative
    /// where that is so already, or where the crew can't be there at the planned time. Null where the crew does not work on
    /// that day.
    /// </summary>
    public int? SlackMinutes { get; init; }
}
