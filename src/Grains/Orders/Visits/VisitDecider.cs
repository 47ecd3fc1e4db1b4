using ChargeCars.Catalogue.Stock;
using ChargeCars.Conversations.Tracking;
using ChargeCars.Fleet.Vehicles;
using ChargeCars.Platform.DueCommands;
using ChargeCars.Platform.Entities;

namespace ChargeCars.Orders.Visits;

/// <summary>A visit's own commands: pure, and total over status × command.</summary>
public static class VisitDecider
{
    private const int MostAssignees = 20;

    /// <summary>How late a phone without a network may tell what happened.</summary>
    private static readonly TimeSpan Latest = TimeSpan.FromDays(7);

    /// <summary>How far a phone's clock may be ahead of ours.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>A van that stands there much before or after the planned time is there for something else.</summary>
    private static readonly TimeSpan NearTheTime = TimeSpan.FromHours(2);

    private static readonly VisitAction[] AtTheDesk = [VisitAction.Schedule, VisitAction.Reschedule, VisitAction.Unschedule, VisitAction.Confirm, VisitAction.Cancel];

    /// <summary>What a command does to a visit, or why it is refused. <paramref name="now"/> is UTC.</summary>
    public static Result<Outcome<Visit>> Decide(Visit visit, EntityCommand<Visit> command, DateTimeOffset now) => command switch
    {
        AssignVisit assign => !visit.Status.IsOpen()
            ? new Conflict("visit_over", $"The visit is {WireText.Of(visit.Status)}: who went stays as it is.")
            : Assigned(visit, assign.Assignees, now).Map(after => Outcome.Of(after, "assigned")),
        ActOnVisit act => Act(visit, act, now),
        NoteCrossing crossing => Crossed(visit, crossing),
        // Said later than that it was proposed: a person's word, or another arrival, stands.
        TakeArrival taken => visit.ArrivalProposedAt != taken.At || !IsAwaited(visit.Status) ? Outcome.Unchanged(visit)
            : Act(visit, new(VisitAction.Arrive) { Reason = "its van stands at the address", OccurredAt = taken.At > visit.EnRouteAt ? taken.At : visit.EnRouteAt ?? taken.At }, now),
        AnswerChecklist answer => !visit.Status.IsOpen()
            ? new Conflict("visit_over", $"The visit is {WireText.Of(visit.Status)}: what was found stays as it is.")
            : Answered(visit, answer.Answers, answer.By, now).Map(after => Outcome.Of(after, "checklist_answered")),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a visit."),
    };

    /// <summary>The visit as it is made.</summary>
    public static Result<Outcome<Visit>> Make(Visit made, MakeVisit make, DateTimeOffset now) =>
        Assigned(made with
        {
            OrderId = make.OrderId,
            BusinessEntity = make.BusinessEntity,
            Number = make.Number,
            Sequence = make.Sequence,
            Checklist = make.Checklist,
            Status = VisitStatus.Draft,
        }, make.Assignees, now).Map(visit => Outcome.Of(visit, "created") with
        {
            Moved = new(null, WireText.Of(VisitStatus.Draft)),
            Then = [new DueCommand(visit.OrderId, new FollowVisit(Seen(visit)))],
        });

    /// <summary>What is wrong with the people who are to go; null where nothing is. Asked before the visit gets a number, which a refusal would waste.</summary>
    public static Invalid? CheckAssignees(IReadOnlyList<Assignment?>? assignees) =>
        assignees is null ? Invalid.Field("assignees", "is required")
            : assignees.Count > MostAssignees ? Invalid.Field("assignees", $"must hold at most {MostAssignees}")
            : assignees.Contains(null) ? Invalid.Field("assignees", "must hold nobody who is null")
            : assignees.Select(assignee => assignee!.ContactId).Distinct().Count() < assignees.Count ? Invalid.Field("assignees", "must not name anybody twice")
            : null;

    /// <summary>The visit with the time that it takes of its people.</summary>
    internal static Visit Timed(Visit visit)
    {
        var busy = visit.Status.TakesTime();
        return visit with
        {
            Assignees = [.. visit.Assignees.Select(assignee => assignee with
            {
                BusyFrom = busy ? visit.ScheduledStart : null,
                BusyUntil = busy ? visit.ScheduledEnd : null,
            })],
        };
    }

    private static Result<Visit> Assigned(Visit visit, IReadOnlyList<Assignment> assignees, DateTimeOffset now)
    {
        if (CheckAssignees(assignees) is { } fault)
        {
            return fault;
        }

        return Timed(visit with
        {
            Assignees = [.. assignees.OrderBy(assignee => assignee.ContactId).Select(assignee =>
            {
                var id = NameBasedId.Of($"{visit.Id}/{assignee.ContactId}");
                return (visit.Assignees.FirstOrDefault(known => known.Id == id) ?? new VisitAssignee
                {
                    Id = id, CreatedAt = now, BusinessEntity = visit.BusinessEntity, VisitId = visit.Id, ContactId = assignee.ContactId,
                }) with { Role = assignee.Role };
            })],
        });
    }

    private static Result<Outcome<Visit>> Act(Visit visit, ActOnVisit act, DateTimeOffset now)
    {
        var found = Answered(visit, act.Checklist ?? new Dictionary<string, ChecklistAnswer?>(), act.By, now);
        if (!found.Succeeded)
        {
            return found.Error;
        }

        // Who goes may be said with the time.
        var asked = found.Value with { TeamId = act.TeamOf(visit), VehicleId = act.VehicleOf(visit) };
        var to = VisitTransitions.Table.Decide(asked, act.Action);
        return !to.Succeeded ? to.Error : Fault(visit, act, now) is { } fault ? fault : Moved(visit, asked, to.Value, act, act.OccurredAt < now ? act.OccurredAt.Value : now);
    }

    private static Result<Visit> Answered(Visit visit, IReadOnlyDictionary<string, ChecklistAnswer?> answers, Guid? by, DateTimeOffset now) =>
        answers.Count == 0 ? visit
            : visit.Checklist is not { } checklist ? Invalid.Field("checklist", "the visit has no checklist")
            : ChecklistAnswers.Check(checklist, answers) is { } fault ? fault
            : visit with { Checklist = ChecklistAnswers.Merge(checklist, answers, by, now) };

    private static Invalid? Fault(Visit visit, ActOnVisit act, DateTimeOffset now)
    {
        var isTiming = act.Action is VisitAction.Schedule or VisitAction.Reschedule;
        var isCompletion = act.Action == VisitAction.Complete;
        var needsReason = act.Action is VisitAction.Fail or VisitAction.NoShow or VisitAction.Cancel;
        var before = new[] { visit.EnRouteAt, visit.ArrivedAt, visit.StartedAt }.Max();
        const string Timing = "belongs to the actions 'schedule' and 'reschedule' only";
        const string Completion = "belongs to the action 'complete' only";
        return new FieldFaults()
            .Lines("reason", act.Reason, (needsReason ? 1 : 0)..500)
            .Rule("scheduledStart", isTiming && act is { ScheduledStart: null, ScheduledEnd: null }, "is required")
            .Rule("scheduledEnd", isTiming && act is { ScheduledStart: null, ScheduledEnd: null }, "is required")
            .Rule("scheduledStart", !isTiming && act.ScheduledStart is not null, Timing)
            .Rule("scheduledEnd", !isTiming && act.ScheduledEnd is not null, Timing)
            .Rule("teamId", !isTiming && (act.TeamId is not null || act.WithoutTeam), Timing)
            .Rule("vehicleId", !isTiming && (act.VehicleId is not null || act.WithoutVehicle), Timing)
            .CheckPlanned(act.ScheduledStart, act.ScheduledEnd)
            .Lines("resolution", act.Resolution, (isCompletion ? 1 : 0)..5000)
            .Text("outcomeCode", act.OutcomeCode, ..60)
            .Text("signedBy", act.SignedBy, ..200)
            .Rule("resolution", !isCompletion && act.Resolution is not null, Completion)
            .Rule("outcomeCode", !isCompletion && act.OutcomeCode is not null, Completion)
            .Rule("signedBy", !isCompletion && act.SignedBy is not null, Completion)
            .Text("signedPlace", act.SignedPlace, ..200)
            .Rule("signedPlace", !isCompletion && act.SignedPlace is not null, Completion)
            .Rule("signedPlace", act.SignedPlace is not null && act.SignedBy is null, "needs signedBy")
            .Rule("signatureAttachmentId", !isCompletion && act.SignatureAttachmentId is not null, Completion)
            .Rule("signatureAttachmentId", act.SignatureAttachmentId is not null && act.SignedBy is null, "needs signedBy")
            .Rule("checklist", !isCompletion && act.Checklist is not null, Completion)
            .Rule("occurredAt", act.OccurredAt is not null && AtTheDesk.Contains(act.Action), "belongs to actions at the customer's only, from 'depart' on")
            .Rule("occurredAt", act.OccurredAt > now + Ahead, "must not be in the future")
            .Rule("occurredAt", act.OccurredAt < now - Latest, $"must be at most {Latest.TotalDays:0} days ago")
            .Rule("occurredAt", act.OccurredAt < before, $"must not be before the visit's step before it, {before:yyyy-MM-ddTHH:mm:ssZ}")
            .Invalid;
    }

    private static Outcome<Visit> Moved(Visit visit, Visit asked, VisitStatus to, ActOnVisit act, DateTimeOffset at)
    {
        // Who goes was said with the time, and goes with it.
        var isUnplanned = to == VisitStatus.Draft;
        var after = Timed(asked with
        {
            Status = to,
            TeamId = isUnplanned ? null : asked.TeamId,
            VehicleId = isUnplanned ? null : asked.VehicleId,
            ScheduledStart = isUnplanned ? null : act.ScheduledStart is { } start ? VisitTimes.Tidy(start) : visit.ScheduledStart,
            ScheduledEnd = isUnplanned ? null : act.ScheduledEnd is { } end ? VisitTimes.Tidy(end) : visit.ScheduledEnd,
            ConfirmedAt = to == VisitStatus.Confirmed ? at : to is VisitStatus.Scheduled or VisitStatus.Draft ? null : visit.ConfirmedAt,
            EnRouteAt = to == VisitStatus.EnRoute ? at : visit.EnRouteAt,
            ArrivedAt = to == VisitStatus.OnSite ? at : visit.ArrivedAt,
            StartedAt = to == VisitStatus.InProgress ? visit.StartedAt ?? at : visit.StartedAt,
            EndedAt = to.IsOpen() ? null : at,
            RescheduleCount = visit.RescheduleCount + (act.Action == VisitAction.Reschedule ? 1 : 0),
            Resolution = act.Resolution ?? visit.Resolution,
            OutcomeCode = act.OutcomeCode ?? visit.OutcomeCode,
            SignedBy = act.SignedBy ?? visit.SignedBy,
            SignedAt = act.SignedBy is null ? visit.SignedAt : at,
            SignedPlace = act.SignedPlace ?? visit.SignedPlace,
            SignatureAttachmentId = act.SignatureAttachmentId ?? visit.SignatureAttachmentId,
            ArrivalProposedAt = IsAwaited(to) ? visit.ArrivalProposedAt : null,
            LeftAt = to.IsThere() ? visit.LeftAt : null,
            CancelReason = to is VisitStatus.Cancelled or VisitStatus.Incomplete or VisitStatus.NoShow ? act.Reason : visit.CancelReason,
        });
        return new(after)
        {
            Moved = new(WireText.Of(visit.Status), WireText.Of(to), act.Reason)
            {
                IsMilestone = VisitTransitions.Table.Milestones.Contains(to),
                Context = new { after.OrderId, after.ScheduledStart, after.ScheduledEnd, after.TeamId, after.VehicleId },
            },
            Then =
            [
                new DueCommand(visit.OrderId, new FollowVisit(Seen(after))),
                .. after.VehicleId is { } van && Serves(visit.Status, to) ? [new DueCommand(van, new ServeVisit(visit.Id, to))] : Array.Empty<DueCommand>(),
                .. Fence(visit, after),
                .. to.IsOpen() ? Array.Empty<DueCommand>() : [new DueCommand(visit.Id, new ReleaseOwned(visit.Id))],
                .. to == VisitStatus.EnRoute ? [new DueCommand(TrackingLink.IdOf(visit.Id), new TellOnTheWay(visit.Id))] : Array.Empty<DueCommand>(),
            ],
            Withdrawn =
            [
                .. visit.ArrivalProposedAt is not null && !IsAwaited(to) ? [ArrivalKey(visit)] : Array.Empty<string>(),
                .. (!to.IsOpen() || isUnplanned) && visit.Status != VisitStatus.Draft ? [FenceKey(visit)] : Array.Empty<string>(),
            ],
        };
    }

    /// <summary>
    /// What follows for the geofence of its address: from <see cref="NearTheTime"/> before it is planned, and at once when the van sets
    /// out, until it ends in whatever way.
    /// </summary>
    internal static IEnumerable<DueCommand> Fence(Visit before, Visit after) => after.Status switch
    {
        VisitStatus.Scheduled when after.ScheduledStart is { } start && (before.Status != after.Status || before.ScheduledStart != start || GetsItsVan(before, after)) =>
            [new(VisitFence.IdOf(after.Id), new SetVisitFence(after.Id)) { At = start - NearTheTime, Key = FenceKey(after) }],
        VisitStatus.EnRoute => [new(VisitFence.IdOf(after.Id), new SetVisitFence(after.Id)) { Key = FenceKey(after) }],
        // Unscheduled it is driven to by nobody, as when it is over.
        var status when (!status.IsOpen() || status == VisitStatus.Draft) && before.Status != VisitStatus.Draft => [new(VisitFence.IdOf(after.Id), new ClearVisitFence(after.Id))],
        _ => [],
    };

    /// <summary>Whether its geofence is somewhere else now, or wanted only now: without a van there was nothing to watch.</summary>
    internal static bool Moves(Visit before, Visit after) =>
        (IsAwaited(after.Status) || after.Status.IsThere()) && (before.AddressId != after.AddressId || GetsItsVan(before, after));

    private static bool GetsItsVan(Visit before, Visit after) => before.VehicleId is null && after.VehicleId is not null;

    /// <summary>The geofence at another address.</summary>
    internal static DueCommand FenceAnew(Visit visit) => new(VisitFence.IdOf(visit.Id), new SetVisitFence(visit.Id))
    {
        At = visit.Status is VisitStatus.Scheduled or VisitStatus.Confirmed ? visit.ScheduledStart - NearTheTime : null, Key = FenceKey(visit),
    };

    /// <summary>Positions only propose, and never refuse: what people say stands.</summary>
    private static Outcome<Visit> Crossed(Visit visit, NoteCrossing crossing)
    {
        if (crossing.VehicleId != visit.VehicleId)
        {
            return Outcome.Unchanged(visit);
        }

        return (crossing.Entered, visit.Status) switch
        {
            (true, var status) when IsAwaited(status) && IsExpected(visit, crossing.At) =>
                Outcome.Of(visit with { ArrivalProposedAt = crossing.At }, "arrival_proposed") with
                {
                    Then = crossing.TakeAt is { } at ? [new(visit.Id, new TakeArrival(crossing.At)) { At = at, Key = ArrivalKey(visit) }] : [],
                },
            (false, var status) when IsAwaited(status) && visit.ArrivalProposedAt is not null =>
                Outcome.Of(visit with { ArrivalProposedAt = null }, "arrival_withdrawn") with { Withdrawn = [ArrivalKey(visit)] },
            (false, var status) when status.IsThere() => Outcome.Of(visit with { LeftAt = crossing.At }, "left_unfinished"),
            (true, var status) when status.IsThere() && visit.LeftAt is not null => Outcome.Of(visit with { LeftAt = null }, "came_back"),
            _ => Outcome.Unchanged(visit),
        };
    }

    private static bool IsAwaited(VisitStatus status) => status is VisitStatus.Scheduled or VisitStatus.Confirmed or VisitStatus.EnRoute;

    // Under way it is expected whenever it comes.
    private static bool IsExpected(Visit visit, DateTimeOffset at) => visit.Status == VisitStatus.EnRoute
        || (at > visit.ScheduledStart - NearTheTime && at < visit.ScheduledEnd + NearTheTime);

    private static string FenceKey(Visit visit) => $"visit-fence:{visit.Id}";

    private static string ArrivalKey(Visit visit) => $"visit-arrival:{visit.Id}";

    // What the van must know of: that it sets out, is there, and is there no more.
    private static bool Serves(VisitStatus from, VisitStatus to) =>
        to is VisitStatus.EnRoute or VisitStatus.OnSite || (!to.IsOpen() && from is VisitStatus.EnRoute or VisitStatus.OnSite or VisitStatus.InProgress or VisitStatus.Paused);

    internal static OrderVisit Seen(Visit visit) => new(visit.Id, visit.Status, visit.SignedBy is not null) { VisitType = visit.VisitType };
}
