using System.Text.Json.Serialization;

namespace ChargeCars.Api.Fleet.Telemetry;

// What telemetry's bodies and answers look like, for the API's description. They are read and written byte by byte, past these types.

/// <summary>Up to 10,000 positions; as <c>application/x-ndjson</c> one position a line, without the object around them.</summary>
internal sealed record PositionsBody(IReadOnlyList<PositionBody> Positions);

/// <summary>One position. Exactly one of vehicleId, deviceId and licensePlate names the vehicle.</summary>
/// <param name="VehicleId">The vehicle's id.</param>
/// <param name="DeviceId">The tracker's own id, or ULU's.</param>
/// <param name="LicensePlate">The plate, in any writing.</param>
/// <param name="FixTime">When the vehicle was there: ISO 8601 with Z or an offset.</param>
/// <param name="Latitude">Degrees, WGS 84.</param>
/// <param name="Longitude">Degrees, WGS 84.</param>
/// <param name="AccuracyMeters">Metres.</param>
/// <param name="SpeedKmh">Kilometres an hour.</param>
/// <param name="HeadingDegrees">Degrees clockwise from north.</param>
/// <param name="AltitudeMeters">Metres.</param>
/// <param name="OdometerKm">Kilometres, by the vehicle's own count.</param>
/// <param name="Ignition">Whether it is on.</param>
internal sealed record PositionBody(
    Guid? VehicleId, string? DeviceId, string? LicensePlate, DateTimeOffset FixTime, double Latitude, double Longitude, double? AccuracyMeters = null,
    double? SpeedKmh = null, double? HeadingDegrees = null, double? AltitudeMeters = null, double? OdometerKm = null, bool? Ignition = null);

/// <summary>What became of a request's positions.</summary>
/// <param name="Accepted">Those that moved the live state.</param>
/// <param name="Stored">All that are on disk, late ones too.</param>
/// <param name="Rejected">The others.</param>
internal sealed record PositionsAnswer(int Accepted, int Stored, IReadOnlyList<RejectedPosition> Rejected);

/// <summary>A position that was not stored.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Reason">A word for programs.</param>
/// <param name="Detail">The same for people.</param>
internal sealed record RejectedPosition(int Index, string Reason, string Detail);

/// <summary>A location, or a list of them, as the newer Traccar Client sends it.</summary>
internal sealed record OsmAndBody([property: JsonPropertyName("device_id")] string DeviceId, OsmAndLocation Location);

/// <summary>One location.</summary>
/// <param name="Timestamp">ISO 8601, or unix seconds or milliseconds; now where it is left out.</param>
/// <param name="Coords">Where.</param>
internal sealed record OsmAndLocation(string? Timestamp, OsmAndCoordinates Coords);

/// <summary>Where, in degrees and metres; speed in metres a second.</summary>
internal sealed record OsmAndCoordinates(double Latitude, double Longitude, double? Speed, double? Heading, double? Accuracy, double? Altitude);

/// <summary>A position as a Traccar server forwards it (<c>forward.type=json</c>).</summary>
internal sealed record TraccarBody(TraccarPosition Position, TraccarDevice Device);

/// <summary>Whose it is.</summary>
internal sealed record TraccarDevice(string UniqueId);

/// <summary>Where, in degrees and metres; speed in knots.</summary>
internal sealed record TraccarPosition(
    DateTimeOffset FixTime, double Latitude, double Longitude, bool? Valid, bool? Outdated, double? Speed, double? Course, double? Accuracy,
    double? Altitude, TraccarAttributes? Attributes);

/// <summary>What the vehicle's own instruments say; the odometer in metres.</summary>
internal sealed record TraccarAttributes(double? Odometer, bool? Ignition);
