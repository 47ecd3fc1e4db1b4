using System.Text.Json.Serialization;

namespace ChargeCars.Fleet.Vehicles.Positions;

/// <summary>The object that <c>vehicle.current_location</c> holds.</summary>
/// <param name="Latitude">Degrees, WGS84.</param>
/// <param name="Longitude">Degrees, WGS84.</param>
/// <param name="AccuracyMeters">Metres, whole.</param>
/// <param name="SpeedKmh">km/h.</param>
/// <param name="HeadingDegrees">0 to 360, clockwise from north, whole.</param>
/// <param name="AltitudeMeters">Metres.</param>
[GenerateSerializer, Immutable, Alias("location")]
public sealed record Location(
    [property: Id(0)] double Latitude,
    [property: Id(1)] double Longitude,
    [property: Id(2)] int? AccuracyMeters,
    [property: Id(3)] double? SpeedKmh,
    [property: Id(4)] int? HeadingDegrees,
    [property: Id(5)] double? AltitudeMeters);

/// <summary>How old a vehicle's live position is.</summary>
[JsonConverter(typeof(WireEnumConverter<Freshness>))]
public enum Freshness
{
    /// <summary>No fix yet.</summary>
    Unknown,

    /// <summary>Younger than <c>ChargeCars:Positions:StaleAfter</c>.</summary>
    Live,

    /// <summary>Older than that.</summary>
    Stale,

    /// <summary>Older than <c>ChargeCars:Positions:OfflineAfter</c>.</summary>
    Offline,
}

/// <summary>
/// Where a vehicle is now, as the stream carries it and screens get it. A value: what is kept of every vehicle and changes
/// with every fix is written in place, not a new object that the collector must find (docs/adr/0026).
/// </summary>
/// <param name="VehicleId">The vehicle.</param>
/// <param name="FixTime">When it was there, UTC.</param>
/// <param name="Latitude">Degrees, WGS84.</param>
/// <param name="Longitude">Degrees, WGS84.</param>
/// <param name="SpeedKmh">km/h.</param>
/// <param name="HeadingDegrees">Clockwise from north.</param>
/// <param name="AccuracyMeters">Metres.</param>
/// <param name="AltitudeMeters">Metres.</param>
/// <param name="OperationalStatus">What the vehicle was doing by its row.</param>
[GenerateSerializer, Immutable, Alias("live-position")]
public readonly record struct LivePosition(
    [property: Id(0)] Guid VehicleId,
    [property: Id(1)] DateTimeOffset FixTime,
    [property: Id(2)] double Latitude,
    [property: Id(3)] double Longitude,
    [property: Id(4)] double? SpeedKmh,
    [property: Id(5)] double? HeadingDegrees,
    [property: Id(6)] double? AccuracyMeters,
    [property: Id(7)] double? AltitudeMeters,
    [property: Id(8)] VehicleStatus OperationalStatus)
{
    /// <summary>The form that <c>vehicle.current_location</c> has.</summary>
    public Location ToLocation() => new(
        Latitude, Longitude, Whole(AccuracyMeters), SpeedKmh, Whole(HeadingDegrees), AltitudeMeters);

    private static int? Whole(double? value) => value is { } number ? (int)Math.Round(number) : null;
}

/// <summary>The newest positions of one commit, as the stream carries them.</summary>
[GenerateSerializer, Immutable, Alias("positions-moved")]
public sealed record PositionsMoved([property: Id(0)] IReadOnlyList<LivePosition> Positions);
