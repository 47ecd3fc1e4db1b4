using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>What a vehicle's events mean to the world outside: a row of history, a change for the screens.</summary>
public static class VehicleNews
{
    /// <summary>What to tell of events that led from one state to another; <paramref name="now"/> is UTC.</summary>
    public static EntityNews Of(Vehicle? before, Vehicle? after, IReadOnlyList<VehicleEvent> events, CommandContext context, DateTimeOffset now)
    {
        var transition = events.OfType<VehicleStatusChanged>().LastOrDefault() is { } moved
                ? Transition(WireText.Of(moved.From), moved.To, moved.Reason, moved.VisitId)
            : events.OfType<VehicleCreated>().Any() ? Transition(null, VehicleStatus.Parked, null, null)
            : null;
        return new(transition, [.. events.Select(Change)], transition?.Reason);

        StatusTransition Transition(string? from, VehicleStatus to, string? reason, Guid? visitId) => new(
            Guid.CreateVersion7(now), VehicleTable.Name, from, WireText.Of(to), now, reason,
            visitId is { } visit ? RowJson.ForRow(new { visitId = visit }) : null,
            context.Actor.ContactId, context.Actor.ContactId is null ? context.Actor.Name : null, IsMilestone: false);

        NewChange Change(VehicleEvent @event) => @event switch
        {
            VehicleStatusChanged changed => New("vehicle.status_changed", new
            {
                licensePlate = after!.LicensePlate,
                from = changed.From,
                to = changed.To,
                visitId = changed.VisitId,
                reason = changed.Reason,
                version = after.Version,
            }),
            VehicleCreated => New("vehicle.created", after),
            VehicleRevised or WorkingHoursSet => New("vehicle.updated", after),
            VehicleDriven driven => New("vehicle.mileage_changed", new
            {
                licensePlate = after!.LicensePlate,
                mileageKm = driven.MileageKm,
                version = after.Version,
            }),
            VehicleDeleted => New("vehicle.deleted", new { licensePlate = before!.LicensePlate }),
            _ => throw new InvalidOperationException($"No change is defined for {@event}."),
        };

        NewChange New<T>(string type, T data) => new(type, VehicleTable.Name, now, RowJson.ForClient(context.Actor), RowJson.ForClient(data))
        {
            Scope = new(null, null, null, (after ?? before)!.Id),
        };
    }
}
