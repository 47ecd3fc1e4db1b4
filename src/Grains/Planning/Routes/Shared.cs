using ChargeCars.Platform;

namespace ChargeCars.Planning.Routes;

/// <summary>What two visits have in common that can be at one of them only: a van, a team, a person.</summary>
internal static class Shared
{
    /// <summary>The visits that would be at the same time with the same van, team or person.</summary>
    public static IEnumerable<Violation> Overlaps(RouteVisit visit, Crew crew, IReadOnlyList<RouteVisit> day)
    {
        foreach (var other in day)
        {
            if (other.Id != visit.Id && other.Planned is { } taken && taken.Overlaps(visit.Planned!.Value) && With(other, visit, crew) is { } shared)
            {
                yield return new(
                    RouteRule.Overlap, true,
                    $"{other.Number} is planned {WallClock.TimeText(taken.Start)}–{WallClock.TimeText(taken.End)} with the same {shared}.", other.Id);
            }
        }
    }

    /// <summary>
    /// For each van, team and person that would do the visit, the visits that it has besides, without those at the same time.
    /// The same visits are one list; an empty one is there only where all are.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<RouteVisit>> Lanes(RouteVisit visit, Crew crew, IReadOnlyList<RouteVisit> day)
    {
        var others = day.Where(other => other.Id != visit.Id && other.Planned is { } taken && !taken.Overlaps(visit.Planned!.Value)).ToList();
        var lanes = new List<IReadOnlyList<RouteVisit>>();
        Add(others.Where(other => crew.Vehicle is { } vehicle && other.VehicleId == vehicle.Id));
        Add(others.Where(other => crew.Team is { } team && other.TeamId == team.Id));
        foreach (var person in People(visit, crew))
        {
            Add(others.Where(other => other.AssigneeIds.Contains(person)));
        }

        return lanes.Count > 0 ? lanes : [[]];

        void Add(IEnumerable<RouteVisit> visits)
        {
            List<RouteVisit> lane = [.. visits];
            if (lane.Count > 0 && !lanes.Exists(known => known.SequenceEqual(lane)))
            {
                lanes.Add(lane);
            }
        }
    }

    /// <summary>Whether a crew would have to be at a visit, with its van, its team or one of its people.</summary>
    public static bool Has(Crew crew, RouteVisit visit) =>
        (crew.Vehicle is { } vehicle && visit.VehicleId == vehicle.Id)
        || (crew.Team is { } team && visit.TeamId == team.Id)
        || (visit.AssigneeIds.Count > 0 && crew.Members.Any(member => visit.AssigneeIds.Contains(member.Id)));

    private static string? With(RouteVisit other, RouteVisit visit, Crew crew) =>
        crew.Vehicle is { } vehicle && other.VehicleId == vehicle.Id ? $"van ({vehicle.Name})"
        : crew.Team is { } team && other.TeamId == team.Id ? $"team ({team.Name})"
        : People(visit, crew).Any(other.AssigneeIds.Contains) ? Person(other, visit, crew)
        : null;

    private static string Person(RouteVisit other, RouteVisit visit, Crew crew)
    {
        var id = People(visit, crew).First(other.AssigneeIds.Contains);
        return crew.Team?.Members.FirstOrDefault(member => member.Id == id) is { } member ? $"person ({member.Name})" : "person";
    }

    private static IEnumerable<Guid> People(RouteVisit visit, Crew crew) =>
        visit.AssigneeIds.Count > 0 ? visit.AssigneeIds : crew.Members.Select(member => member.Id);
}
