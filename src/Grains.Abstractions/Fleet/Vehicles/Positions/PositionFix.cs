using System.Text.Json.Serialization;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>One fix as a tracker sent it, times in UTC.</summary>
/// <param name="FixTime">When the tracker was there, UTC.</param>
/// <param name="Latitude">Degrees, WGS84, north positive.</param>
/// <param name="Longitude">Degrees, WGS84, east positive.</param>
/// <param name="AccuracyMeters">Radius of the error, metres.</param>
/// <param name="SpeedKmh">Speed over ground, km/h.</param>
/// <param name="HeadingDegrees">Direction of travel, degrees clockwise from north.</param>
/// <param name="AltitudeMeters">Height, metres.</param>
/// <param name="OdometerKm">Total distance by the vehicle's own count, km.</param>
/// <param name="Ignition">Whether the ignition is on.</param>
/// <param name="Source">The feed that it came by; part of a fix's identity beside vehicle and time.</param>
[GenerateSerializer, Immutable, Alias("position-fix")]
public readonly record struct PositionFix(
    [property: Id(0)] DateTimeOffset FixTime,
    [property: Id(1)] double Latitude,
    [property: Id(2)] double Longitude,
    [property: Id(3)] double? AccuracyMeters,
    [property: Id(4)] double? SpeedKmh,
    [property: Id(5)] double? HeadingDegrees,
    [property: Id(6)] double? AltitudeMeters,
    [property: Id(7)] double? OdometerKm,
    [property: Id(8)] bool? Ignition,
    [property: Id(9)] string Source);

/// <summary>What became of a fix. All but the first two are reasons for which it was refused.</summary>
[JsonConverter(typeof(WireEnumConverter<FixOutcome>))]
public enum FixOutcome
{
    /// <summary>On disk, and it moved the live position.</summary>
    Accepted,

    /// <summary>On disk; older than the live position, which stays.</summary>
    Stored,

    /// <summary>No vehicle has that id, plate or device.</summary>
    UnknownVehicle,

    /// <summary>Latitude or longitude out of range or not a number.</summary>
    InvalidCoordinates,

    /// <summary>0/0: a tracker without a fix says so.</summary>
    NullIsland,

    /// <summary>Further ahead of the server's clock than <c>ChargeCars:Positions:FutureTolerance</c>.</summary>
    Future,

    /// <summary>Older than <c>ChargeCars:Positions:MaxAge</c>.</summary>
    TooOld,

    /// <summary>Already on disk: same vehicle, fix time and source.</summary>
    Duplicate,

    /// <summary>Faster than <c>ChargeCars:Positions:MaxSpeedKmh</c>, by its own word or by distance over time.</summary>
    ImpossibleSpeed,

    /// <summary>A larger error radius than <c>ChargeCars:Positions:MaxAccuracyMeters</c>.</summary>
    PoorAccuracy,

    /// <summary>A field is missing, of the wrong type or unknown.</summary>
    Malformed,

    /// <summary>Outside the vehicle's <see cref="WorkingHours"/>: private, and not kept.</summary>
    OffHours,
}

/// <summary>The outcome of one fix.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Detail">For the reader; null unless it was refused.</param>
[GenerateSerializer, Immutable, Alias("fix-result")]
public readonly record struct FixResult([property: Id(0)] FixOutcome Outcome, [property: Id(1)] string? Detail = null);
