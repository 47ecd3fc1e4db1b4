using ChargeCars.Api.Platform.Http;
using ChargeCars.Orders.Visits;
using ChargeCars.Planning;
using ChargeCars.Planning.Routes;
using ChargeCars.Platform;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Api.Orders.Visits;

/// <summary>
/// Refuses to plan a visit for a crew that can't make it on its day: an inactive team, a van that is not to be had, nobody who can do it.
/// The same rules are the hard ones of <c>POST …/check</c>; promised times, hours and drives are the planner's own to weigh.
/// </summary>
internal sealed class VisitCrews(PlannedDayReader days)
{
    private static readonly RouteRule[] Refused =
        [RouteRule.TeamInactive, RouteRule.VehicleInactive, RouteRule.VehicleUnavailable, RouteRule.Maintenance, RouteRule.Skill, RouteRule.Certificate];

    /// <summary>Why it can't be planned so; null where it can, and where the visit refuses the action for reasons of its own.</summary>
    /// <param name="visit">The visit as it is.</param>
    /// <param name="act">Its planning, or another one.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<TransitionRefused?> RefuseAsync(Visit visit, ActOnVisit act, CancellationToken cancellation)
    {
        if (act is not { Action: VisitAction.Schedule or VisitAction.Reschedule, ScheduledStart: { } start, ScheduledEnd: { } end }
            || new FieldFaults().CheckPlanned(start, end).Invalid is not null
            || VisitTransitions.Table.Decide(visit, act.Action) is not { Succeeded: true } to)
        {
            return null;
        }

        var unmet = await UnmetAsync(visit, act.TeamOf(visit), act.VehicleOf(visit), visit.RequiredSkills, start, cancellation);
        return unmet.Count == 0
            ? null
            : new(ActionText.Of(act.Action), WireText.Of(visit.Status), WireText.Of(to.Value), VisitTransitions.Table.Allowed(visit), [.. unmet.Select(text => text.TrimEnd('.'))]);
    }

    /// <summary>Why a visit that has its time can't get another crew or ask for other skills; null where it can.</summary>
    public async Task<Conflict?> RefuseAsync(Visit before, VisitDetails after, CancellationToken cancellation)
    {
        if (before is not { Status: VisitStatus.Scheduled or VisitStatus.Confirmed, ScheduledStart: { } start }
            || (before.TeamId == after.TeamId && before.VehicleId == after.VehicleId && before.RequiredSkills.SequenceEqual(after.RequiredSkills)))
        {
            return null;
        }

        var unmet = await UnmetAsync(before, after.TeamId, after.VehicleId, after.RequiredSkills, start, cancellation);
        return unmet.Count == 0 ? null : new("crew_unfit", string.Join(' ', unmet));
    }

    private async Task<IReadOnlyList<string>> UnmetAsync(
        Visit visit, Guid? team, Guid? vehicle, IReadOnlyList<string> skills, DateTimeOffset start, CancellationToken cancellation)
    {
        if (team is null && vehicle is null)
        {
            return [];
        }

        if (await days.CrewAsync(WallClock.DateOf(start), team, vehicle, cancellation) is not { } crew)
        {
            return [];
        }

        // A team's usual van is not the visit's where the visit names none, nor is a van's usual team that works no more.
        var going = crew with { Vehicle = vehicle is null ? null : crew.Vehicle, Team = team is null && crew.Team is { IsActive: false } ? null : crew.Team };
        var asked = new RouteVisit
        {
            Id = visit.Id, Number = visit.Number ?? $"{visit.Id}", RequiredSkills = skills, AssigneeIds = [.. visit.Assignees.Select(one => one.ContactId)],
        };
        return
        [
            .. CrewFitness.Violations(asked, going)
                // What people can do is known of a team's members only.
                .Where(violation => violation.Hard && Refused.Contains(violation.Rule) && (going.Team is not null || violation.Rule is not (RouteRule.Skill or RouteRule.Certificate)))
                .Select(violation => violation.Detail),
        ];
    }
}
