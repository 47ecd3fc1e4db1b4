using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Visits.Visit, ChargeCars.Orders.Visits.VisitDetails, ChargeCars.Orders.Visits.VisitKind, ChargeCars.Api.Orders.Visits.VisitAccess>;

namespace ChargeCars.Api.Orders.Visits;

/// <summary>Moving visits, and saying who goes.</summary>
internal static class VisitEndpoints
{
    public static void Map(RouteGroupBuilder visits)
    {
        Action(visits, VisitAction.Schedule, "Gives it a time (scheduledStart, scheduledEnd, teamId?, vehicleId?; null: none).");
        Action(visits, VisitAction.Reschedule, "Gives it another time; counted.");
        Action(visits, VisitAction.Unschedule, "Takes its time and its crew away again: it is still to be planned.");
        Action(visits, VisitAction.Confirm, "The customer agreed.");
        Action(visits, VisitAction.Depart, "The van sets off, and is driving.");
        Action(visits, VisitAction.Arrive, "The van is there, and is on site.");
        Action(visits, VisitAction.Start, "The work begins.");
        Action(visits, VisitAction.Pause, "The work rests.");
        Action(visits, VisitAction.Resume, "The work goes on.");
        Action(visits, VisitAction.Complete, "The work is done (resolution, outcomeCode?, signedBy?, signedPlace?, signatureAttachmentId?, checklist?).");
        Action(visits, VisitAction.Fail, "The work could not be finished (reason).");
        Action(visits, VisitAction.NoShow, "Nobody was there (reason).");
        Action(visits, VisitAction.Cancel, "It will not be made (reason).");
        visits.MapPatch("/{id:guid}/checklist", AnswerAsync).RequirePermission(Permissions.VisitsWrite)
            .Accepts<Dictionary<string, ChecklistAnswer?>>("application/merge-patch+json", "application/json").Produces<Visit>()
            .WithName("AnswerChecklist").WithSummary("Gives answers by the items' codes, changes them or (null) takes them away; the others stay (If-Match of the visit).");
        visits.MapPut("/{id:guid}/assignees", AssignAsync).RequirePermission(Permissions.VisitsWrite).Produces<Visit>()
            .WithName("AssignVisit").WithSummary("Says who goes, all of them (If-Match of the visit).");
    }

    private static void Action(RouteGroupBuilder visits, VisitAction action, string summary) =>
        visits.MapPost($"/{{id:guid}}/actions/{ActionText.Of(action)}",
                (Guid id, HttpContext http, Routes routes, EntityDirectory directory, VisitCrews crews, ActionBody? body = null) =>
                    ActAsync(id, action, body, http, routes, directory, crews))
            .RequirePermission(Permissions.VisitsWrite).Repeatable().Produces<Visit>()
            .WithName($"{action}Visit").WithSummary(summary);

    private static async Task<IResult> ActAsync(
        Guid id, VisitAction action, ActionBody? body, HttpContext http, Routes routes, EntityDirectory directory, VisitCrews crews)
    {
        var caller = Caller.Of(http);
        var act = new ActOnVisit(action)
        {
            Reason = body?.Reason, ScheduledStart = body?.ScheduledStart, ScheduledEnd = body?.ScheduledEnd, TeamId = body?.TeamId, VehicleId = body?.VehicleId,
            WithoutTeam = IsTiming(action) && body is { NamesTeam: true, TeamId: null }, WithoutVehicle = IsTiming(action) && body is { NamesVehicle: true, VehicleId: null },
            Resolution = body?.Resolution, OutcomeCode = body?.OutcomeCode, SignedBy = body?.SignedBy, SignatureAttachmentId = body?.SignatureAttachmentId, SignedPlace = body?.SignedPlace,
            Checklist = body?.Checklist, By = caller.Actor.ContactId, OccurredAt = body?.OccurredAt,
        };
        EntityReference[] named =
        [
            new("teamId", "team", body?.TeamId), new("vehicleId", "vehicle", body?.VehicleId), new("signatureAttachmentId", "attachment", body?.SignatureAttachmentId),
        ];
        return await directory.CheckAsync(named, caller, http.RequestAborted) is { } unknown ? ProblemAnswers.From(unknown)
            : IsTiming(action) && (await routes.FindAsync(id, caller, http.RequestAborted)).Value is { } visit
                && await crews.RefuseAsync(visit, act, http.RequestAborted) is { } refused ? ProblemAnswers.From(refused)
            : await routes.ExecuteAsync(id, act, http);
    }

    private static bool IsTiming(VisitAction action) => action is VisitAction.Schedule or VisitAction.Reschedule;

    private static Task<IResult> AnswerAsync(Guid id, Dictionary<string, ChecklistAnswer?> body, HttpContext http, Routes routes) =>
        routes.ExecuteAsync(id, new AnswerChecklist(body, Caller.Of(http).Actor.ContactId), http, versionRequired: true);

    private static async Task<IResult> AssignAsync(Guid id, AssigneesBody body, HttpContext http, Routes routes, EntityDirectory directory) =>
        (VisitDecider.CheckAssignees(body.Assignees)
            ?? await directory.CheckAsync(body.Assignees!.Select((one, index) => new EntityReference($"assignees[{index}].contactId", "contact", one?.ContactId)), Caller.Of(http), http.RequestAborted)) is { } unknown
            ? ProblemAnswers.From(unknown)
            : await routes.ExecuteAsync(id, new AssignVisit(body.Assignees!), http, versionRequired: true);

    /// <summary>The body of an action; all of it optional but for what the action demands.</summary>
    /// <param name="Reason">Why; required to fail, to cancel and where nobody was there.</param>
    /// <param name="ScheduledStart">When it is to begin, UTC.</param>
    /// <param name="ScheduledEnd">When it is to end, UTC.</param>
    /// <param name="Resolution">What was done.</param>
    /// <param name="OutcomeCode">The outcome as a code of one's own.</param>
    /// <param name="SignedBy">Who signed.</param>
    /// <param name="SignatureAttachmentId">The signature as a file.</param>
    /// <param name="Checklist">What was found, by the checklist's codes.</param>
    /// <param name="OccurredAt">When it happened, UTC, told later by a phone without a network; now where it is left out.</param>
    /// <param name="SignedPlace">Where the customer signed.</param>
    public sealed record ActionBody(
        string? Reason, DateTimeOffset? ScheduledStart, DateTimeOffset? ScheduledEnd, string? Resolution, string? OutcomeCode, string? SignedBy, Guid? SignatureAttachmentId,
        Dictionary<string, ChecklistAnswer?>? Checklist, DateTimeOffset? OccurredAt, string? SignedPlace)
    {
        /// <summary>The team that makes it; the one that it has where it is left out, none where it is null.</summary>
        public Guid? TeamId
        {
            get;
            init
            {
                field = value;
                NamesTeam = true;
            }
        }

        /// <summary>The van that it is made with; as the team.</summary>
        public Guid? VehicleId
        {
            get;
            init
            {
                field = value;
                NamesVehicle = true;
            }
        }

        /// <summary>Whether the body says something of the team, be it null.</summary>
        internal bool NamesTeam { get; private init; }

        /// <summary>Whether the body says something of the van, be it null.</summary>
        internal bool NamesVehicle { get; private init; }
    }

    /// <summary>Who goes.</summary>
    /// <param name="Assignees">All of them.</param>
    public sealed record AssigneesBody(IReadOnlyList<Assignment>? Assignees);
}
