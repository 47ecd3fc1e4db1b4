using ChargeCars.Orders.Visits;
using ChargeCars.Platform.Entities;
using static ChargeCars.Fleet.Vehicles.VehicleTransitions;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>A vehicle's own commands: pure, and total over status × command.</summary>
public static class VehicleDecider
{
    private const int LongestReason = 500;

    /// <summary>What a command does to a vehicle, or why it is refused.</summary>
    public static Result<Outcome<Vehicle>> Decide(Vehicle vehicle, EntityCommand<Vehicle> command) => command switch
    {
        ActOnVehicle act => Act(vehicle, act),
        FollowMotion motion => Follow(vehicle, motion),
        ServeVisit serve => Serve(vehicle, serve),
        SetWorkingHours set => WorkingHoursRules.Check(set.Hours) is { } fault ? fault : Outcome.Of(vehicle with { WorkingHours = set.Hours }, "updated"),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "Not a command of a vehicle."),
    };

    private static Result<Outcome<Vehicle>> Act(Vehicle vehicle, ActOnVehicle act)
    {
        var to = Table.Decide(vehicle, act.Action);
        return !to.Succeeded ? to.Error : (act.Action, act.VisitId) switch
        {
            (VehicleAction.Arrive, null) => Invalid.Field("visitId", "is required: a vehicle is on site at a visit"),
            (not VehicleAction.Arrive, not null) => Invalid.Field("visitId", "belongs to the action 'arrive' only"),
            _ when act.Reason is { Length: > LongestReason } => Invalid.Field("reason", $"must be at most {LongestReason} characters"),
            _ => Moved(vehicle, to.Value, act.VisitId, act.Reason),
        };
    }

    /// <summary>
    /// What positions say is followed where the table and its guards allow it, and no refusal where not: a van in
    /// maintenance is moved about and stays in maintenance, one on site that stands stays on site and one that truly drives
    /// off has left.
    /// </summary>
    private static Outcome<Vehicle> Follow(Vehicle vehicle, FollowMotion motion)
    {
        var outcome = Outcome.Unchanged(vehicle);
        var action = motion.Driving is true ? VehicleAction.Drive : VehicleAction.Park;
        if (motion.Driving is { } driving && (driving || vehicle.OperationalStatus == VehicleStatus.Driving)
            && Table.Decide(vehicle, action) is { Succeeded: true } to)
        {
            outcome = Moved(vehicle, to.Value, null, driving ? "moved" : "stopped");
        }

        var mileage = vehicle.MileageKm is null && motion.OdometerKm is { } odometer
            ? (long)odometer
            : (vehicle.MileageKm ?? 0L) + motion.AddKm;
        return mileage <= (vehicle.MileageKm ?? 0) ? outcome : outcome with
        {
            After = outcome.After! with { MileageKm = (int)Math.Min(mileage, int.MaxValue) },
            Announced = [new("mileage_changed", after => new { after.LicensePlate, after.MileageKm, after.Version })],
        };
    }

    private static Outcome<Vehicle> Serve(Vehicle vehicle, ServeVisit serve)
    {
        VehicleAction? action = serve.Status switch
        {
            VisitStatus.EnRoute => VehicleAction.Drive,
            VisitStatus.OnSite => VehicleAction.Arrive,
            _ when vehicle.CurrentVisitId == serve.VisitId => VehicleAction.Park,
            _ => null,
        };
        var reason = $"the visit is {WireText.Of(serve.Status)}";
        return action is { } wished && Table.Decide(vehicle, wished) is { Succeeded: true } to
            ? Moved(vehicle, to.Value, wished == VehicleAction.Arrive ? serve.VisitId : null, reason)
            : Outcome.Unchanged(vehicle);
    }

    private static Outcome<Vehicle> Moved(Vehicle vehicle, VehicleStatus to, Guid? visitId, string? reason) =>
        new(vehicle with { OperationalStatus = to, CurrentVisitId = visitId })
        {
            Moved = new(WireText.Of(vehicle.OperationalStatus), WireText.Of(to), reason) { Context = visitId is null ? null : new { visitId } },
        };
}
