using ChargeCars.Platform.Entities;
using ChargeCars.Fleet.Vehicles;

namespace ChargeCars.Drills.Gap;

/// <summary>What a writer did.</summary>
/// <param name="Commits">Changes that are there for good, one event each.</param>
/// <param name="RolledBack">Changes that had a sequence and gave it back.</param>
internal sealed record Committed(int Commits, int RolledBack);

/// <summary>A vehicle that is made and then drives and parks for ever, by the product's own rules.</summary>
internal sealed class Van
{
    private readonly Guid _id = Guid.CreateVersion7();

    public Vehicle? State { get; private set; }

    public Step Next()
    {
        var now = DateTimeOffset.UtcNow;
        EntityCommand<Vehicle> command = State switch
        {
            null => new Create<Vehicle, VehicleDetails>(new() { LicensePlate = _id.ToString("N")[^12..].ToUpperInvariant(), VehicleType = VehicleType.Van }),
            { OperationalStatus: VehicleStatus.Parked } => new ActOnVehicle(VehicleAction.Drive),
            _ => new ActOnVehicle(VehicleAction.Park),
        };
        var outcome = StandardDecider.Decide<Vehicle, VehicleDetails, VehicleKind>(_id, State, command, now).Value!;
        return new(State, outcome, new CommandContext(Guid.CreateVersion7(now), Actor.System), now);
    }

    public void Took(Vehicle after) => State = after;
}

/// <summary>One command, decided and not yet committed.</summary>
internal sealed record Step(Vehicle? Before, Outcome<Vehicle> Outcome, CommandContext Context, DateTimeOffset At);
