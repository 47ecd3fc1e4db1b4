namespace ChargeCars.Relations.Places;

/// <summary>An address as a file of the register has it.</summary>
/// <param name="Street">The street's name.</param>
/// <param name="HouseNumber">Number, letter and addition, as in <c>14D-1</c>.</param>
/// <param name="PostalCode">The postcode, with or without a space.</param>
/// <param name="Town">The town.</param>
/// <param name="Latitude">WGS84, degrees.</param>
/// <param name="Longitude">WGS84, degrees.</param>
public readonly record struct PlaceRow(string Street, string HouseNumber, string PostalCode, string Town, double Latitude, double Longitude);
