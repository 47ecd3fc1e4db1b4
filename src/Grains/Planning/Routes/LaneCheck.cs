using System.Globalization;

namespace ChargeCars.Planning.Routes;

/// <summary>What one more visit at its planned time does to a lane: the route with it beside the route without it.</summary>
internal static class LaneCheck
{
    public static CheckAnswer Judge(RouteVisit visit, Lane lane, Crew crew, TravelTable travel, PlanningOptions options)
    {
        var start = visit.Planned!.Value.Start;
        var position = lane.Visits.Count(other => other.Planned!.Value.Start < start);
        var before = lane.Planned();
        var after = before.Copy();
        after.Insert(position, lane.Stop(visit));

        var found = new List<Violation>();
        var way = after.TravelTo(position);
        var reachable = way < TravelMatrix.Unreachable;
        if (!reachable)
        {
            found.Add(new(RouteRule.Unreachable, true, $"There is no road from {Origin(lane, position)} to {visit.Number}."));
        }
        else
        {
            JudgeDrive(visit, lane, after, position, options, found);
            JudgeLateness(visit, lane, before, after, position, found);
            JudgeReturn(lane, crew, before, after, found);
            if (!lane.BreaksFit(after) && lane.BreaksFit(before))
            {
                found.Add(new(RouteRule.Break, false, $"It leaves {crew.Name} no time for a break."));
            }
        }

        var known = visit.Place is not null && reachable;
        return new()
        {
            Violations = found,
            TravelMinutes = known ? Up(way) : null,
            AddedTravelMinutes = known && after.Travel < TravelMatrix.Unreachable ? Up(after.Travel - before.Travel) : null,
            SlackMinutes = crew.Hours is null ? null : (int)Math.Floor(Slack(visit, lane, before, position) / 60.0),
        };
    }

    /// <summary>
    /// Seconds by which the visit may begin later: its own planned time is what is being judged, and what was late before
    /// takes none of them.
    /// </summary>
    private static int Slack(RouteVisit visit, Lane lane, Route before, int position)
    {
        var stop = lane.Stop(visit);
        var insertion = before.Tolerated().Try(position, visit.WindowEnd is null ? stop with { Latest = RouteStop.Unbounded } : stop);
        return insertion.Start > stop.Earliest ? Math.Min(insertion.Slack, stop.Earliest - insertion.Start) : insertion.Slack;
    }

    private static void JudgeDrive(
        RouteVisit visit, Lane lane, Route after, int position, PlanningOptions options, List<Violation> found)
    {
        var minutes = Up(after.TravelTo(position));
        if (minutes > options.FarMinutes)
        {
            found.Add(new(
                RouteRule.TooFar, false,
                string.Create(CultureInfo.InvariantCulture, $"From {Origin(lane, position)} to {visit.Number} it is {minutes} minutes; more than {options.FarMinutes} is far.")));
        }
    }

    private static void JudgeLateness(RouteVisit visit, Lane lane, Route before, Route after, int position, List<Violation> found)
    {
        if (after.Start(position) is var begins && begins > after[position].Earliest)
        {
            found.Add(Late(visit, begins, after[position], $"the crew comes from {Origin(lane, position)} and drives {Up(after.TravelTo(position))} minutes", null));
        }

        for (var i = position; i < before.Count; i++)
        {
            var (was, becomes, stop) = (before.Start(i), after.Start(i + 1), before[i]);
            if (becomes > was && becomes > stop.Earliest)
            {
                found.Add(Late(
                    lane.Visits[i], becomes, stop, $"after {visit.Number}, with {Up(after.TravelTo(i + 1))} minutes of driving", lane.Visits[i].Id));
            }
        }
    }

    private static Violation Late(RouteVisit visit, int begins, RouteStop stop, string because, Guid? other)
    {
        var broken = visit.WindowEnd is not null && begins > stop.Latest;
        var minutes = Up(begins - (broken ? stop.Latest : stop.Earliest)).ToString(CultureInfo.InvariantCulture);
        return new(
            broken ? RouteRule.Window : RouteRule.Late, broken,
            $"{visit.Number} would begin {minutes} minutes after {(broken ? "what its customer was promised" : "its planned time")}: {because}.", other);
    }

    private static void JudgeReturn(Lane lane, Crew crew, Route before, Route after, List<Violation> found)
    {
        if (crew.Hours is not { } hours || after.Finish <= before.Finish)
        {
            return;
        }

        var clock = RouteClock.Of(crew.Day);
        var end = clock.At(hours.End);
        if (after.Finish > end)
        {
            var broken = after.Finish > lane.Shift.End;
            found.Add(new(
                broken ? RouteRule.Hours : RouteRule.Overtime, broken,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{crew.Name} would be done at {clock.Text(after.Finish)}, {Up(after.Finish - end)} minutes after its hours end at {clock.Text(end)}.")));
        }
    }

    private static string Origin(Lane lane, int position) => position > 0 ? lane.Visits[position - 1].Number : "its start";

    private static int Up(int seconds) => (int)Math.Ceiling(seconds / 60.0);
}
