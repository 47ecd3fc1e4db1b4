using System.Globalization;
using ChargeCars.Platform;

namespace ChargeCars.Planning.Routes;

/// <summary>What planning a visit at a time for a crew means: for itself, for the crew and for the crew's other visits. Pure.</summary>
public static class RouteCheck
{
    /// <summary>Judges the planned time of a visit. Only what the visit brings is told, not what was wrong with the day before.</summary>
    /// <param name="visit">The visit, with the time to be judged; its own team and van are not looked at.</param>
    /// <param name="crew">Who would do it.</param>
    /// <param name="day">The other planned visits of the day, of anybody; the visit itself may be among them and is left out.</param>
    /// <param name="travel">The drives among all their places.</param>
    /// <param name="options">The limits.</param>
    public static CheckAnswer Check(
        RouteVisit visit, Crew crew, IReadOnlyList<RouteVisit> day, TravelTable travel, PlanningOptions options)
    {
        if (visit.Planned is not { } planned)
        {
            throw new ArgumentException("A visit without a planned time can't be checked.", nameof(visit));
        }

        var found = new List<Violation>(CrewFitness.Violations(visit, crew));
        found.AddRange(Shared.Overlaps(visit, crew, day));
        JudgePromise(visit, planned, found);
        JudgeHours(planned, crew, found);
        JudgeDuration(visit, planned, crew, found);
        if (visit.Place is null)
        {
            found.Add(new(RouteRule.Place, false, $"The address of {visit.Number} has no coordinates: travel is not counted."));
        }

        var answers = Shared.Lanes(visit, crew, day)
            .Select(visits => LaneCheck.Judge(visit, new Lane(visits, crew, travel, options), crew, travel, options))
            .ToList();
        // Lanes tell the same of a visit that is in several.
        var ofLanes = answers.SelectMany(answer => answer.Violations).DistinctBy(violation => (violation.Rule, violation.VisitId))
            .Where(violation => !found.Exists(known => (known.Rule, known.VisitId) == (violation.Rule, violation.VisitId)))
            .ToList();
        return new()
        {
            Violations = [.. found.Concat(ofLanes).OrderByDescending(violation => violation.Hard)],
            TravelMinutes = answers.TrueForAll(answer => answer.TravelMinutes is not null) ? answers.Max(answer => answer.TravelMinutes) : null,
            AddedTravelMinutes = answers.TrueForAll(answer => answer.AddedTravelMinutes is not null) ? answers.Max(answer => answer.AddedTravelMinutes) : null,
            SlackMinutes = answers.Min(answer => answer.SlackMinutes),
        };
    }

    private static void JudgePromise(RouteVisit visit, TimeRange planned, List<Violation> found)
    {
        if (planned.Start < visit.WindowStart || planned.Start > visit.WindowEnd)
        {
            found.Add(new(
                RouteRule.Window, true, $"It would begin at {WallClock.TimeText(planned.Start)}; the customer was promised {Promise(visit)}."));
        }
    }

    private static void JudgeHours(TimeRange planned, Crew crew, List<Violation> found)
    {
        if (crew.Hours is not { } hours)
        {
            found.Add(new(
                RouteRule.Hours, true, $"{crew.Name} does not work on {crew.Day.ToString("dddd d MMMM", CultureInfo.InvariantCulture)}."));
        }
        else if (planned.Start < hours.Start)
        {
            found.Add(new(
                RouteRule.Hours, true, $"It would begin at {WallClock.TimeText(planned.Start)}; {crew.Name} works from {WallClock.TimeText(hours.Start)}."));
        }
    }

    private static void JudgeDuration(RouteVisit visit, TimeRange planned, Crew crew, List<Violation> found)
    {
        var needed = crew.DurationOf(visit);
        if (planned.Duration < needed)
        {
            found.Add(new(
                RouteRule.Duration, false,
                string.Create(CultureInfo.InvariantCulture, $"It is planned for {planned.Duration.TotalMinutes:0} minutes and takes {needed.TotalMinutes:0}.")));
        }
    }

    private static string Promise(RouteVisit visit) => (visit.WindowStart, visit.WindowEnd) switch
    {
        ({ } start, { } end) => $"{Moment(start)}–{Moment(end)}",
        ({ } start, null) => $"not before {Moment(start)}",
        (null, { } end) => $"by {Moment(end)}",
        _ => "nothing",
    };

    private static string Moment(DateTimeOffset moment) => WallClock.Of(moment).ToString("d MMM HH:mm", CultureInfo.InvariantCulture);
}
