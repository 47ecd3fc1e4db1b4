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
        return outcome.Error is Conflict { Code: VisitKind.Overlap } taken && command is ActOnVisit { ScheduledStart: { } from, ScheduledEnd: { } until } act
            ? await overlaps.NamedAsync(taken, Id, act.WithoutVehicle ? null : act.VehicleId ?? State?.VehicleId, act.WithoutTeam ? null : act.TeamId ?? State?.TeamId, [.. State?.Assignees.Select(one => one.ContactId) ?? []], from, until)
            : outcome;
    }

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
