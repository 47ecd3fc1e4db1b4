using ChargeCars.Platform.Entities;
using static ChargeCars.Orders.Visits.VisitAction;
using static ChargeCars.Orders.Visits.VisitStatus;

namespace ChargeCars.Orders.Visits;

/// <summary>The life of a visit as data (facts/orders.md).</summary>
public static class VisitTransitions
{
    private static readonly Guard<Visit> SomebodyGoes = new("nobody goes: give it a team, a vehicle or an assignee",
        visit => visit.TeamId is not null || visit.VehicleId is not null || visit.Assignees.Count > 0);

    /// <summary>Where each action leads from each status.</summary>
    public static TransitionTable<Visit, VisitStatus, VisitAction> Table { get; } =
        new TransitionTable<Visit, VisitStatus, VisitAction>(visit => visit.Status)
            {
                Milestones = new HashSet<VisitStatus> { Scheduled, InProgress, Completed },
                Obstacles = (visit, action) => action == Complete && visit.Checklist is { } checklist ? ChecklistAnswers.Unmet(checklist) : [],
            }
            .Add(Draft, Schedule, Scheduled)
            .Add([Scheduled, Confirmed], Reschedule, Scheduled)
            .Add([Scheduled, Confirmed], Unschedule, Draft)
            .Add(Scheduled, Confirm, Confirmed)
            .Add([Scheduled, Confirmed], Depart, EnRoute, SomebodyGoes)
            .Add([Scheduled, Confirmed, EnRoute], Arrive, OnSite, SomebodyGoes)
            .Add(OnSite, Start, InProgress)
            .Add(InProgress, VisitAction.Pause, Paused)
            .Add(Paused, Resume, InProgress)
            .Add(InProgress, Complete, Completed)
            .Add([OnSite, InProgress, Paused], Fail, Incomplete)
            .Add([EnRoute, OnSite], VisitAction.NoShow, VisitStatus.NoShow)
            .Add([Draft, Scheduled, Confirmed, EnRoute, OnSite], Cancel, Cancelled);
}
