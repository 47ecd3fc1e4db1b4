using ChargeCars.Platform.Entities;
using Microsoft.Extensions.Options;

namespace ChargeCars.Orders.Visits;

internal sealed class VisitGrain(EntityStore<Visit, VisitKind> store, VisitOverlaps overlaps, VisitFiles files, IOptions<VisitOptions> options, TimeProvider time)
    : StandardGrain<Visit, VisitDetails, VisitKind>(store, time)
{
    /// <summary>As everywhere; a time that is taken is answered with whose it is, and pictures must be the visit's own.</summary>
    public override async Task<Result<Visit>> ExecuteAsync(EntityCommand<Visit> command, CommandContext context)
    {
        if (State is not null && await files.RefuseAsync(Id, command) is { } refusal)
        {
            return refusal;
        }

        if (command is NoteCrossing crossing)
        {
            command = crossing with { TakeAt = options.Value.TakesArrivals ? Time.GetUtcNow() + options.Value.TakeArrivalAfter : null };
        }

        var outcome = await base.ExecuteAsync(command, context);
        return outcome.Error is Conflict { Code: VisitKind.Overlap } taken && State is { } visit && Wanted(visit, command) is { ScheduledStart: { } from, ScheduledEnd: { } until } wanted
            ? await overlaps.NamedAsync(taken, Id, wanted.VehicleId, wanted.TeamId, [.. wanted.Assignees.Select(one => one.ContactId)], from, until)
            : outcome;
    }

    // Whose time the command asks for, and when.
    private static Visit Wanted(Visit visit, EntityCommand<Visit> command) => command switch
    {
        ActOnVisit act => visit with
        {
            VehicleId = act.VehicleOf(visit), TeamId = act.TeamOf(visit),
            ScheduledStart = act.ScheduledStart ?? visit.ScheduledStart, ScheduledEnd = act.ScheduledEnd ?? visit.ScheduledEnd,
        },
        Revise<Visit, VisitDetails> revise => visit with { VehicleId = revise.Details.VehicleId, TeamId = revise.Details.TeamId },
        AssignVisit assign => visit with { Assignees = [.. assign.Assignees.Select(one => new VisitAssignee { ContactId = one.ContactId })] },
        _ => visit,
    };

    // A visit is made with its order and number, or not at all.
    protected override Result<Outcome<Visit>> Decide(Visit? state, EntityCommand<Visit> command, DateTimeOffset now) => (state, command) switch
    {
        (null, MakeVisit make) => base.Decide(null, new Create<Visit, VisitDetails>(make.Details), now) is { Succeeded: true } made
            ? VisitDecider.Make(made.Value.After!, make, now)
            : base.Decide(null, new Create<Visit, VisitDetails>(make.Details), now),
        ({ } visit, MakeVisit) => new Conflict("exists", $"The visit {visit.Id} exists already."),
        _ => base.Decide(state, command, now),
    };
}
