using ChargeCars.Fleet.Vehicles.Positions;

namespace ChargeCars.Fleet.Vehicles;

/// <summary>A vehicle's id.</summary>
[GenerateSerializer, Immutable, Alias("vehicle-id")]
public readonly record struct VehicleId([property: Id(0)] Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}

/// <summary>A vehicle's row, without its position.</summary>
[GenerateSerializer, Immutable, Alias("vehicle")]
public record Vehicle : VehicleDetails, IEntityState
{
    /// <summary>Its id.</summary>
    [Id(0)] public Guid Id { get; init; }

    /// <summary>Raised by one with every committed change; the ETag.</summary>
    [Id(1)] public long Version { get; init; }

    /// <summary>UTC.</summary>
    [Id(2)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    [Id(3)] public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What it is doing.</summary>
    [Id(4)] public VehicleStatus OperationalStatus { get; init; }

    /// <summary>The visit that it is at, while on site.</summary>
    [Id(5)] public Guid? CurrentVisitId { get; init; }

    /// <summary>Outside these its positions are not kept; null: they always are.</summary>
    [Id(6)] public WorkingHours? WorkingHours { get; init; }
}

/// <summary>A vehicle and where it is, as clients see it.</summary>
[GenerateSerializer, Immutable, Alias("vehicle-snapshot")]
public sealed record VehicleSnapshot : Vehicle
{
    /// <summary>A vehicle with the position known of it.</summary>
    public VehicleSnapshot(Vehicle vehicle) : base(vehicle)
    {
    }

    /// <summary>The newest position; null before the first.</summary>
    [Id(0)] public Location? CurrentLocation { get; init; }

    /// <summary>The fix time of <see cref="CurrentLocation"/>, UTC.</summary>
    [Id(1)] public DateTimeOffset? LastLocationUpdate { get; init; }

    /// <summary>How old that position is, in words.</summary>
    [Id(2)] public Freshness Freshness { get; init; }

    /// <summary>Why its fixes were refused last, or put right; null where none was.</summary>
    [Id(3)] public LastRefusal? LastRefusal { get; init; }
}
