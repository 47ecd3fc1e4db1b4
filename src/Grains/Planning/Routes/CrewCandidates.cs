namespace ChargeCars.Planning.Routes;

/// <summary>A crew that might take a visit.</summary>
/// <param name="TeamId">Its team.</param>
/// <param name="VehicleId">Its van.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Planned">When it would do the visit; null where it has no gap for it.</param>
/// <param name="Answer">What that means: what speaks against it, the travel and the slack.</param>
public sealed record Candidate(Guid? TeamId, Guid? VehicleId, string Name, TimeRange? Planned, CheckAnswer Answer);

/// <summary>Who can take a visit: those who can by what it costs, then the others with what speaks against them. Pure.</summary>
public static class CrewCandidates
{
    /// <summary>
    /// Judges every crew. A visit that has a time keeps it; for one that has none each crew's best gap is found, in which no
    /// other visit moves.
    /// </summary>
    /// <param name="visit">The visit; its own team, van and people are not looked at.</param>
    /// <param name="crews">Those to choose from.</param>
    /// <param name="day">The planned visits of the crews' day; the visit itself may be among them and is left out.</param>
    /// <param name="travel">The drives among all their places.</param>
    /// <param name="options">The limits and weights.</param>
    /// <param name="now">No gap begins before it, UTC.</param>
    public static IReadOnlyList<Candidate> Rank(
        RouteVisit visit, IReadOnlyList<Crew> crews, IReadOnlyList<RouteVisit> day, TravelTable travel, PlanningOptions options, DateTimeOffset now)
    {
        var anybodys = visit with { AssigneeIds = [] };
        return
        [
            .. crews.Select(crew => Judge(anybodys, crew, day, travel, options, now))
                .Select(candidate => (Candidate: candidate, Cost: Cost(candidate.Answer, options)))
                .OrderByDescending(pair => pair.Candidate.Answer.Feasible)
                .ThenBy(pair => pair.Cost)
                .ThenBy(pair => pair.Candidate.Name, StringComparer.Ordinal)
                .ThenBy(pair => pair.Candidate.VehicleId)
                .ThenBy(pair => pair.Candidate.TeamId)
                .Select(pair => pair.Candidate),
        ];
    }

    /// <summary>What a candidate costs, in minutes of added travel.</summary>
    private static double Cost(CheckAnswer answer, PlanningOptions options) =>
        (answer.AddedTravelMinutes ?? 0)
        + (answer.Violations.Count * options.SoftRuleMinutes)
        - (Math.Clamp(answer.SlackMinutes ?? 0, 0, options.UsefulSlackMinutes) * options.SlackWorth);

    private static Candidate Judge(
        RouteVisit visit, Crew crew, IReadOnlyList<RouteVisit> day, TravelTable travel, PlanningOptions options, DateTimeOffset now)
    {
        if (visit.Planned is { } planned)
        {
            return Of(crew, planned, RouteCheck.Check(visit, crew, day, travel, options));
        }

        if (Gap(visit, crew, day, travel, options, now) is { } gap)
        {
            return Of(crew, gap.Planned, gap.Answer);
        }

        var minutes = (int)crew.DurationOf(visit).TotalMinutes;
        var detail = crew.Hours is null
            ? new Violation(RouteRule.Hours, true, $"{crew.Name} does not work on that day.")
            : new Violation(RouteRule.NoGap, true, $"{crew.Name} has no gap of {minutes} minutes, with the driving, within what the customer was promised.");
        return Of(crew, null, new() { Violations = [detail, .. CrewFitness.Violations(visit, crew)] });
    }

    private static Candidate Of(Crew crew, TimeRange? planned, CheckAnswer answer) =>
        new(crew.Team?.Id, crew.Vehicle?.Id, crew.Name, planned, answer);

    /// <summary>
    /// The gap that costs the least driving and overtime and, of equals, leaves the most room; null where there is none. Gaps are found in
    /// one route of all that the crew's van, team and people do. Its drives are not each one's own where these part, so each gap is
    /// checked against every lane, and the first that holds is taken; the first of all where none does, with what speaks against it.
    /// </summary>
    private static (TimeRange Planned, CheckAnswer Answer)? Gap(
        RouteVisit visit, Crew crew, IReadOnlyList<RouteVisit> day, TravelTable travel, PlanningOptions options, DateTimeOffset now)
    {
        if (crew.Hours is not { } hours)
        {
            return null;
        }

        var clock = RouteClock.Of(crew.Day);
        var route = new Lane(Apart(day.Where(other => other.Id != visit.Id && Shared.Has(crew, other))), crew, travel, options).Frozen();
        var duration = (int)crew.DurationOf(visit).TotalSeconds;
        DateTimeOffset[] bounds = [hours.Start, now, visit.WindowStart ?? hours.Start];
        var stop = new RouteStop(
            travel.IndexOf(visit.Place), clock.At(bounds.Max()), visit.WindowEnd is { } end ? clock.At(end) : RouteStop.Unbounded, duration);
        var gaps = new List<(int Cost, int Slack, int Start)>();
        var closing = clock.At(hours.End);
        for (var position = 0; position <= route.Count; position++)
        {
            var insertion = route.Try(position, stop);
            if (!insertion.IsFeasible || Step(insertion, options) is not { } start)
            {
                continue;
            }

            var slack = insertion.Slack - (start - insertion.Start);
            var cost = insertion.AddedTravel + Math.Max(0, insertion.Finish - closing);
            gaps.Add((cost, slack, start));
        }

        (TimeRange Planned, CheckAnswer Answer)? first = null;
        foreach (var gap in gaps.OrderBy(gap => gap.Cost).ThenByDescending(gap => gap.Slack))
        {
            var planned = new TimeRange(clock.Moment(gap.Start), clock.Moment(gap.Start + duration));
            var answer = RouteCheck.Check(visit with { Planned = planned }, crew, day, travel, options);
            first ??= (planned, answer);
            if (answer.Feasible)
            {
                return (planned, answer);
            }

            // What speaks against the crew itself speaks against every gap.
            if (answer.Violations.All(found => !found.Hard || found.Rule is not (RouteRule.Overlap or RouteRule.Window or RouteRule.Late or RouteRule.Hours)))
            {
                break;
            }
        }

        return first;
    }

    /// <summary>The start on a whole step, or else on a whole minute, that still fits.</summary>
    private static int? Step(Insertion insertion, PlanningOptions options)
    {
        foreach (var seconds in (int[])[options.StepMinutes * 60, 60])
        {
            var start = (int)Math.Ceiling(insertion.Start / (double)seconds) * seconds;
            if (start - insertion.Start <= insertion.Slack)
            {
                return start;
            }
        }

        return null;
    }

    /// <summary>
    /// A crew's visits one after the other. Two at the same time, which only differing vans or people allow, take the time of both, at the
    /// place of the longer.
    /// </summary>
    private static List<RouteVisit> Apart(IEnumerable<RouteVisit> visits)
    {
        var apart = new List<RouteVisit>();
        foreach (var visit in visits.Where(visit => visit.Planned is not null).OrderBy(visit => visit.Planned!.Value.Start).ThenBy(visit => visit.Id))
        {
            if (apart.Count == 0 || !apart[^1].Planned!.Value.Overlaps(visit.Planned!.Value))
            {
                apart.Add(visit);
            }
            else
            {
                var (one, other) = (apart[^1].Planned!.Value, visit.Planned!.Value);
                apart[^1] = (other.Duration > one.Duration ? visit : apart[^1]) with
                {
                    Planned = new(one.Start, other.End > one.End ? other.End : one.End), WindowEnd = null,
                };
            }
        }

        return apart;
    }
}
