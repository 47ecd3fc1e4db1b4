using ChargeCars.Entities;
using ChargeCars.Vehicles.Positions;

namespace ChargeCars.Vehicles;

/// <inheritdoc cref="IVehicleGrain"/>
internal sealed class VehicleGrain(EntityStore<Vehicle, VehicleTable> store, TimeProvider time)
    : EntityGrain<Vehicle, VehicleCommand, VehicleEvent, VehicleTable>(store, time), IVehicleGrain
{
    public Task<Result<VehicleSnapshot>> GetAsync() => Task.FromResult(
        State is { } vehicle ? Snapshot(vehicle) : (Result<VehicleSnapshot>)new NotFound(VehicleTable.Name, Id.ToString()));

    public async Task<Result<VehicleSnapshot>> ExecuteAsync(VehicleCommand command, CommandContext context)
    {
        var before = State;
        var outcome = await HandleAsync(command, context);
        return outcome.Map(replay => Snapshot(replay.State ?? before!));
    }

    public Task<Result<ActionOption[]>> GetActionsAsync() => Task.FromResult(
        State is { } vehicle ? VehicleTransitions.Options(vehicle) : (Result<ActionOption[]>)new NotFound(VehicleTable.Name, Id.ToString()));

    public Task<FixResult[]> RecordAsync(PositionFix[] fixes) => throw new NotSupportedException();

    protected override Result<VehicleEvent[]> Decide(Vehicle? state, VehicleCommand command, DateTimeOffset now) =>
        VehicleDecider.Decide(state, command, now);

    protected override Vehicle? Evolve(Vehicle? state, VehicleEvent @event) => VehicleDecider.Evolve(state, @event);

    protected override EntityNews Describe(
        Vehicle? before, Vehicle? after, IReadOnlyList<VehicleEvent> events, CommandContext context, DateTimeOffset now) =>
        VehicleNews.Of(before, after, events, context, now);

    private static VehicleSnapshot Snapshot(Vehicle vehicle) => new(vehicle);
}
