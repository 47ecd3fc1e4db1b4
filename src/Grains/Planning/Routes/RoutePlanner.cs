using Microsoft.Extensions.Options;

namespace ChargeCars.Planning.Routes;

/// <summary>Asks for the drives that a question takes, once, and has the evaluator answer it.</summary>
public sealed class RoutePlanner(ITravelTimes travel, IOptions<PlanningOptions> options)
{
    /// <summary><see cref="RouteCheck.Check"/>.</summary>
    public async ValueTask<CheckAnswer> CheckAsync(
        RouteVisit visit, Crew crew, IReadOnlyList<RouteVisit> day, CancellationToken cancellation)
    {
        List<RouteVisit> near = [.. day.Where(other => Shared.Has(crew, other) || other.AssigneeIds.Any(visit.AssigneeIds.Contains))];
        return RouteCheck.Check(visit, crew, near, await TableAsync([visit, .. near], [crew], null, cancellation), options.Value);
    }

    /// <summary><see cref="CrewCandidates.Rank"/>.</summary>
    public async ValueTask<IReadOnlyList<Candidate>> CandidatesAsync(
        RouteVisit visit, IReadOnlyList<Crew> crews, IReadOnlyList<RouteVisit> day, DateTimeOffset now, CancellationToken cancellation) =>
        CrewCandidates.Rank(visit, crews, day, await TableAsync([visit, .. day], crews, null, cancellation), options.Value, now);

    /// <summary><see cref="ArrivalForecast.Expect"/>.</summary>
    public async ValueTask<IReadOnlyList<VisitForecast>> ExpectAsync(
        Crew crew, IReadOnlyList<RouteVisit> visits, LivePosition? live, DateTimeOffset now, CancellationToken cancellation) =>
        ArrivalForecast.Expect(crew, visits, live, now, await TableAsync(visits, [crew], live, cancellation), options.Value);

    /// <summary>What each visit that a crew has on a day means as it is planned: its drive, its slack, the rules that it breaks.</summary>
    public async ValueTask<IReadOnlyDictionary<Guid, CheckAnswer>> ReviewAsync(
        Crew crew, IReadOnlyList<RouteVisit> visits, IReadOnlyList<RouteVisit> day, CancellationToken cancellation)
    {
        var people = visits.SelectMany(visit => visit.AssigneeIds).ToHashSet();
        List<RouteVisit> near = [.. day.Where(other => Shared.Has(crew, other) || other.AssigneeIds.Any(people.Contains))];
        var table = await TableAsync(near, [crew], null, cancellation);
        return visits.Where(visit => visit.Planned is not null)
            .ToDictionary(visit => visit.Id, visit => RouteCheck.Check(visit, crew, near, table, options.Value));
    }

    private ValueTask<TravelTable> TableAsync(
        IReadOnlyList<RouteVisit> visits, IReadOnlyList<Crew> crews, LivePosition? live, CancellationToken cancellation) =>
        TravelTable.CreateAsync(
            travel,
            [.. visits.Select(visit => visit.Place), .. crews.SelectMany(crew => (MapPoint?[])[crew.StartPlace, crew.EndPlace]), live?.Place],
            cancellation);
}
