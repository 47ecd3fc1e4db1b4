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
        VehicleCommand command = State switch
        {
            null => new CreateVehicle(_id, new VehicleDetails { LicensePlate = _id.ToString("N")[^12..].ToUpperInvariant(), VehicleType = VehicleType.Van }),
            { OperationalStatus: VehicleStatus.Parked } => new ActOnVehicle(VehicleAction.Drive),
            _ => new ActOnVehicle(VehicleAction.Park),
        };
        var events = VehicleDecider.Decide(State, command, now).Value!;
        var after = events.Aggregate(State, VehicleDecider.Evolve)!.Stamped((State?.Version ?? 0) + 1, now);
        var context = new CommandContext(Guid.CreateVersion7(now), Actor.System);
        return new(State, after, VehicleNews.Of(State, after, events, context, now), context, now);
    }

    public void Took(Step step) => State = step.After;
}

/// <summary>One command, decided and not yet committed.</summary>
internal sealed record Step(Vehicle? Before, Vehicle After, EntityNews News, CommandContext Context, DateTimeOffset At);
