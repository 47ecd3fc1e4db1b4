using static ChargeCars.Vehicles.VehicleTransitions;

namespace ChargeCars.Vehicles;

/// <summary>What happened to a vehicle.</summary>
public abstract record VehicleEvent;

public sealed record VehicleCreated(Vehicle Vehicle) : VehicleEvent;

public sealed record VehicleRevised(VehicleDetails Details) : VehicleEvent;

public sealed record VehicleStatusChanged(VehicleStatus From, VehicleStatus To, Guid? VisitId, string? Reason) : VehicleEvent;

public sealed record VehicleDeleted : VehicleEvent;

/// <summary>Every rule of a vehicle's commands: pure, and total over status × command.</summary>
public static class VehicleDecider
{
    public static Result<VehicleEvent[]> Decide(Vehicle? state, VehicleCommand command, DateTimeOffset now) => (state, command) switch
    {
        (null, CreateVehicle create) => VehicleRules.Check(create.Details, now) ?? Events(new VehicleCreated(
            new Vehicle(create.Details) { Id = create.Id, CreatedAt = now, OperationalStatus = VehicleStatus.Parked })),
        ({ } vehicle, CreateVehicle) => new Conflict("exists", $"The vehicle {vehicle.Id} exists already."),
        (null, _) => new NotFound("vehicle", "by that id"),
        ({ } vehicle, ReviseVehicle revise) => VehicleRules.Check(revise.Details, now)
            ?? (Evolve(vehicle, new VehicleRevised(revise.Details)) == vehicle ? Events() : Events(new VehicleRevised(revise.Details))),
        ({ OperationalStatus: VehicleStatus.OnSite }, DeleteVehicle) =>
            new Conflict("on_site", "The vehicle is at a visit: park it or let it drive before it is deleted."),
        ({ }, DeleteVehicle) => Events(new VehicleDeleted()),
        ({ } vehicle, ActOnVehicle act) => Act(vehicle, act),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a vehicle."),
    };

    public static Vehicle? Evolve(Vehicle? state, VehicleEvent @event) => (state, @event) switch
    {
        (null, VehicleCreated created) => created.Vehicle,
        ({ } vehicle, VehicleRevised revised) => new Vehicle(revised.Details)
        {
            Id = vehicle.Id,
            Version = vehicle.Version,
            CreatedAt = vehicle.CreatedAt,
            UpdatedAt = vehicle.UpdatedAt,
            OperationalStatus = vehicle.OperationalStatus,
            CurrentVisitId = vehicle.CurrentVisitId,
        },
        ({ } vehicle, VehicleStatusChanged changed) => vehicle with { OperationalStatus = changed.To, CurrentVisitId = changed.VisitId },
        ({ }, VehicleDeleted) => null,
        _ => throw new InvalidOperationException($"{@event} cannot happen to {state?.ToString() ?? "no vehicle"}."),
    };

    private static Result<VehicleEvent[]> Act(Vehicle vehicle, ActOnVehicle act)
    {
        if (!Table.TryGetValue((vehicle.OperationalStatus, act.Action), out var to))
        {
            return Refuse(vehicle, act.Action, []);
        }

        if (Unmet(vehicle, act.Action) is { Count: > 0 } unmet)
        {
            return Refuse(vehicle, act.Action, unmet);
        }

        return (act.Action, act.VisitId) switch
        {
            (VehicleAction.Arrive, null) => Invalid.Field("visitId", "is required: a vehicle is on site at a visit"),
            (not VehicleAction.Arrive, not null) => Invalid.Field("visitId", "belongs to the action 'arrive' only"),
            _ when act.Reason is { Length: > 500 } => Invalid.Field("reason", "must be at most 500 characters"),
            _ => Events(new VehicleStatusChanged(vehicle.OperationalStatus, to, act.VisitId, act.Reason)),
        };
    }

    private static TransitionRefused Refuse(Vehicle vehicle, VehicleAction action, IReadOnlyList<string> unmet) => new(
        WireText.Of(action), WireText.Of(vehicle.OperationalStatus), WireText.Of(Target(action)), Allowed(vehicle), unmet);

    private static Result<VehicleEvent[]> Events(params VehicleEvent[] events) => events;
}
