using System.Text.Json.Serialization;
using ChargeCars.Money.Numbering;

namespace ChargeCars.Fleet.Geofences;

/// <summary>What outlines a geofence (<c>geofence.shape</c>).</summary>
[JsonConverter(typeof(WireEnumConverter<GeofenceShape>))]
public enum GeofenceShape
{
    /// <summary>Everything within <see cref="GeofenceDetails.RadiusMeters"/> of a point.</summary>
    Circle,

    /// <summary>Everything inside <see cref="GeofenceDetails.Polygon"/>.</summary>
    Polygon,
}

/// <summary>One corner of a polygon.</summary>
/// <param name="Latitude">Degrees, WGS84, north positive.</param>
/// <param name="Longitude">Degrees, WGS84, east positive.</param>
[GenerateSerializer, Immutable, Alias("geofence-point")]
public readonly record struct GeofencePoint(
    [property: Id(0), JsonRequired] double Latitude,
    [property: Id(1), JsonRequired] double Longitude);

/// <summary>What an editor may set of a geofence.</summary>
[GenerateSerializer, Immutable, Alias("geofence-details")]
public record GeofenceDetails
{
    /// <summary>What people call the place; required.</summary>
    [Id(0)] public string Name { get; init; } = "";

    /// <summary>The business entity that it belongs to; null where it serves all five.</summary>
    [Id(1)] public BusinessEntity? BusinessEntity { get; init; }

    /// <summary>Required.</summary>
    [Id(2)] public GeofenceShape? Shape { get; init; }

    /// <summary>A circle's centre, degrees WGS84; a circle only.</summary>
    [Id(3)] public double? Latitude { get; init; }

    /// <summary>A circle's centre, degrees WGS84; a circle only.</summary>
    [Id(4)] public double? Longitude { get; init; }

    /// <summary>Metres, 5 to 50,000; a circle only.</summary>
    [Id(5)] public double? RadiusMeters { get; init; }

    /// <summary>
    /// The corners in their order, 3 to 500; a polygon only. The first may be repeated at the end, and is kept once.
    /// </summary>
    [Id(6)] public IReadOnlyList<GeofencePoint>? Polygon { get; init; }

    /// <summary>
    /// How far beyond the edge a vehicle must be before it has left, metres: a circle's outer radius is its radius and
    /// this. The ring between keeps the jitter of a parked van from leaving and entering all day. Default 50.
    /// </summary>
    [Id(7)] public double ExitMarginMeters { get; init; } = 50;

    /// <summary>How long a vehicle must stay before it has entered, seconds. Default 60.</summary>
    [Id(8)] public int DwellSeconds { get; init; } = 60;

    /// <summary>The address that it lies around; null where it is a place of its own.</summary>
    [Id(9)] public Guid? AddressId { get; init; }

    /// <summary>The visit that it was made for.</summary>
    [Id(10)] public Guid? VisitId { get; init; }

    /// <summary>Whether vehicles are watched at it.</summary>
    [Id(11)] public bool IsActive { get; init; } = true;
}
