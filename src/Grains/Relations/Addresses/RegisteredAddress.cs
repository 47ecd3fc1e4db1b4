namespace ChargeCars.Relations.Addresses;

/// <summary>An address as the Dutch register of addresses and buildings (BAG) has it.</summary>
/// <param name="NummeraanduidingId">The register's id of the address, 16 digits: the proof that it exists.</param>
/// <param name="Street">The street's official name.</param>
/// <param name="HouseNumber">Number, letter and addition.</param>
/// <param name="PostalCode">As it is kept: <c>3435RA</c>.</param>
/// <param name="City">The place (woonplaats).</param>
/// <param name="Municipality">The municipality; null where the register did not say.</param>
/// <param name="Province">The province; null where the register did not say.</param>
/// <param name="Latitude">WGS84, degrees.</param>
/// <param name="Longitude">WGS84, degrees.</param>
/// <param name="AdresseerbaarObjectId">The register's id of the home, berth or stand at the address; null where it did not say.</param>
public sealed record RegisteredAddress(
    string NummeraanduidingId, string Street, HouseNumber HouseNumber, string PostalCode, string City, string? Municipality, string? Province,
    double Latitude, double Longitude, string? AdresseerbaarObjectId);
