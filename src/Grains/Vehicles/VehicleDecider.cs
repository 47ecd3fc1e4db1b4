using static ChargeCars.Vehicles.VehicleTransitions;

namespace ChargeCars.Vehicles;

/// <summary>What happened to a vehicle.</summary>
public abstract record VehicleEvent;

public sealed record VehicleCreated(Vehicle Vehicle) : VehicleEvent;

public sealed record VehicleRevised(VehicleDetails Details) : VehicleEvent;

public sealed record VehicleStatusChanged(VehicleStatus From, VehicleStatus To, Guid? VisitId, string? Reason) : VehicleEvent;

public sealed record VehicleDriven(int MileageKm) : VehicleEvent;

public sealed record WorkingHoursSet(WorkingHours? Hours) : VehicleEvent;

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
        ({ } vehicle, FollowMotion motion) => Follow(vehicle, motion),
        ({ } vehicle, SetWorkingHours set) when set.Hours == vehicle.WorkingHours => Events(),
        ({ }, SetWorkingHours set) => WorkingHoursRules.Check(set.Hours) is { } fault ? fault : Events(new WorkingHoursSet(set.Hours)),
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
            WorkingHours = vehicle.WorkingHours,
        },
        ({ } vehicle, VehicleStatusChanged changed) => vehicle with { OperationalStatus = changed.To, CurrentVisitId = changed.VisitId },
        ({ } vehicle, VehicleDriven driven) => vehicle with { MileageKm = driven.MileageKm },
        ({ } vehicle, WorkingHoursSet set) => vehicle with { WorkingHours = set.Hours },
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

    /// <summary>
    /// What positions say is followed where the table and its guards allow it, and no refusal where not: a van in
    /// maintenance is moved about and stays in maintenance, one on site that stands stays on site and one that truly drives
    /// off has left.
    /// </summary>
    private static Result<VehicleEvent[]> Follow(Vehicle vehicle, FollowMotion motion)
    {
        List<VehicleEvent> events = [];
        var action = motion.Driving is true ? VehicleAction.Drive : VehicleAction.Park;
        if (motion.Driving is { } driving && (driving || vehicle.OperationalStatus == VehicleStatus.Driving)
            && Table.TryGetValue((vehicle.OperationalStatus, action), out var to) && Unmet(vehicle, action).Count == 0)
        {
            events.Add(new VehicleStatusChanged(vehicle.OperationalStatus, to, null, driving ? "moved" : "stopped"));
        }

        if (motion.AddKm > 0)
        {
            events.Add(new VehicleDriven((int)Math.Min((long)(vehicle.MileageKm ?? 0) + motion.AddKm, int.MaxValue)));
        }

        return events.ToArray();
    }

    private static TransitionRefused Refuse(Vehicle vehicle, VehicleAction action, IReadOnlyList<string> unmet) => new(
        WireText.Of(action), WireText.Of(vehicle.OperationalStatus), WireText.Of(Target(action)), Allowed(vehicle), unmet);

    private static Result<VehicleEvent[]> Events(params VehicleEvent[] events) => events;
}
