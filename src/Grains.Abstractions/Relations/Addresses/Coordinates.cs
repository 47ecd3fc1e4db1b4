namespace ChargeCars.Relations.Addresses;

/// <summary>A place on earth, WGS84.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
[GenerateSerializer, Immutable, Alias("coordinates")]
public sealed record Coordinates(decimal Latitude, decimal Longitude);
