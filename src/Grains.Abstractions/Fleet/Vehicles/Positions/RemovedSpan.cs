namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>Fixes of a vehicle that must not be shown any more.</summary>
/// <param name="Source">The feed that they came by, such as <c>ulu</c>; those of other feeds stay.</param>
/// <param name="From">The first fix time, UTC.</param>
/// <param name="To">The fix time before which it ends, UTC.</param>
/// <param name="Reason">Why, for the audit.</param>
[GenerateSerializer, Immutable, Alias("vehicle.removed-span")]
public sealed record RemovedSpan(
    [property: Id(0)] string Source,
    [property: Id(1)] DateTimeOffset From,
    [property: Id(2)] DateTimeOffset To,
    [property: Id(3)] string Reason);
