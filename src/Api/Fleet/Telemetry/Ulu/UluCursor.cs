namespace ChargeCars.Api.Fleet.Telemetry.Ulu;

/// <summary>How far ULU has been read; kept so that a restart goes on where the last poll ended.</summary>
[GenerateSerializer, Alias("ulu-cursor")]
internal sealed class UluCursor
{
    /// <summary>By ULU's id.</summary>
    [Id(0)] public Dictionary<string, UluVehicleCursor> Vehicles { get; set; } = [];
}

/// <summary>How far one vehicle has been read.</summary>
/// <param name="First">Where its first poll began; nothing older is asked for.</param>
/// <param name="Since">The start of its newest trip so far, which may lie before <paramref name="First"/>; that where none is known.</param>
/// <param name="HeartbeatAt">The heartbeat up to which it was read; nothing new until it moves. Null where it must be asked.</param>
/// <param name="Trips">The trips that began not long before, by ULU's id.</param>
/// <param name="ReviewedAt">When older trips were last looked through for such as are private by now; null: never.</param>
/// <param name="VehicleId">Our vehicle that it was read for; null: none yet.</param>
/// <param name="Former">Those that it was read for before: what is stored of its trips is stored of them.</param>
[GenerateSerializer, Immutable, Alias("ulu-vehicle-cursor")]
internal sealed record UluVehicleCursor(
    [property: Id(0)] DateTimeOffset First,
    [property: Id(1)] DateTimeOffset Since,
    [property: Id(2)] DateTimeOffset? HeartbeatAt,
    [property: Id(3)] Dictionary<string, UluTripCursor> Trips,
    [property: Id(4)] DateTimeOffset? ReviewedAt = null,
    [property: Id(5)] Guid? VehicleId = null,
    [property: Id(6)] IReadOnlyList<UluFormerVehicle>? Former = null);

/// <summary>Our vehicle that one of ULU's was until it became another's.</summary>
/// <param name="Id">The vehicle.</param>
/// <param name="Until">When that was found.</param>
[GenerateSerializer, Immutable, Alias("ulu-former-vehicle")]
internal sealed record UluFormerVehicle([property: Id(0)] Guid Id, [property: Id(1)] DateTimeOffset Until);

/// <summary>How far one trip has been read.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="Page">The last page of points that was read; more may be on it now.</param>
/// <param name="IsRead">Whether it ended and all of it was read.</param>
/// <param name="IsHidden">Whether it is private and nothing of it is stored any more.</param>
[GenerateSerializer, Immutable, Alias("ulu-trip-cursor")]
internal sealed record UluTripCursor(
    [property: Id(0)] DateTimeOffset StartedAt, [property: Id(1)] int Page, [property: Id(2)] bool IsRead,
    [property: Id(3)] bool IsHidden = false);
