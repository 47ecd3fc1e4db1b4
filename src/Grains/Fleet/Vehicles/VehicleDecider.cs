using static ChargeCars.Fleet.Vehicles.VehicleTransitions;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>What happened to a vehicle.</summary>
public abstract record VehicleEvent;

/// <summary>It was added to the fleet.</summary>
/// <param name="Vehicle">As it was added.</param>
public sealed record VehicleCreated(Vehicle Vehicle) : VehicleEvent;

/// <summary>What a client may set has changed.</summary>
/// <param name="Details">All of it, as it is now.</param>
public sealed record VehicleRevised(VehicleDetails Details) : VehicleEvent;

/// <summary>It does something else now.</summary>
/// <param name="From">What it was doing.</param>
/// <param name="To">What it does.</param>
/// <param name="VisitId">The visit that it arrived at; null elsewhere.</param>
/// <param name="Reason">Why, in a word of who did it; null where nobody gave one.</param>
public sealed record VehicleStatusChanged(VehicleStatus From, VehicleStatus To, Guid? VisitId, string? Reason) : VehicleEvent;

/// <summary>Its mileage has grown.</summary>
/// <param name="MileageKm">All that it has driven, whole kilometres.</param>
public sealed record VehicleDriven(int MileageKm) : VehicleEvent;

/// <summary>The hours in which its positions are kept have changed.</summary>
/// <param name="Hours">The hours; null for all.</param>
public sealed record WorkingHoursSet(WorkingHours? Hours) : VehicleEvent;

/// <summary>It is no more.</summary>
public sealed record VehicleDeleted : VehicleEvent;

/// <summary>Every rule of a vehicle's commands: pure, and total over status × command.</summary>
public static class VehicleDecider
{
    /// <summary>
    /// What a command does to a vehicle (null: to none yet): events, none where nothing changes, or why it is refused.
    /// <paramref name="now"/> is UTC.
    /// </summary>
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

    /// <summary>The vehicle after an event; null after its deletion. Throws where the event can't happen to it.</summary>
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

        var mileage = vehicle.MileageKm is null && motion.OdometerKm is { } odometer
            ? (long)odometer
            : (vehicle.MileageKm ?? 0L) + motion.AddKm;
        if (mileage > (vehicle.MileageKm ?? 0))
        {
            events.Add(new VehicleDriven((int)Math.Min(mileage, int.MaxValue)));
        }

        return events.ToArray();
    }

    private static TransitionRefused Refuse(Vehicle vehicle, VehicleAction action, IReadOnlyList<string> unmet) => new(
        WireText.Of(action), WireText.Of(vehicle.OperationalStatus), WireText.Of(Target(action)), Allowed(vehicle), unmet);

    private static Result<VehicleEvent[]> Events(params VehicleEvent[] events) => events;
}
